"""What a chatroom is. Standard library only (and Unicode's table of look-alikes): no Flask, no socket, no clock."""
