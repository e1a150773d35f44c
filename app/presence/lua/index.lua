-- What every script of the index begins with. The index says which rooms there are, with the time at which somebody
-- should look after each, and which processes, with the time until which each is taken for alive.
local ROOMS, PROCESSES = KEYS[1], KEYS[2]
local time = redis.call('TIME')
local NOW = time[1] * 1000 + math.floor(time[2] / 1000)
