-- What every script of the index begins with. It says which rooms there are, with the time at which somebody should
-- look after each; and which processes, with the time until which each is taken for alive. Whom somebody has taken for
-- dead has the time of that there, below zero, for so long that it finds out if it only slept; who ended has zero.
local ROOMS, PROCESSES = KEYS[1], KEYS[2]
local REMEMBERED = 600000
local time = redis.call('TIME')
local NOW = time[1] * 1000 + math.floor(time[2] / 1000)
