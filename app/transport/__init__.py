"""Everything that touches eventlet, Engine.IO or Socket.IO internals, and nothing else does."""
