"""Telling the other processes: `LocalBus` where there are none, `RedisBus` where Redis stands between them."""
