-- This process has nobody in the room any more. → ok, and when something is next to be done
redis.call('SREM', HOSTS, HOST)
return answer('ok', tidy())
