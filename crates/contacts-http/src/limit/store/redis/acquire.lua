-- ARGV: ticket, lease, longest wait, longest pause, known, jumped, longest window, and the number of
-- requests and the window of each limit. Returns the time, a code and a wait.

local ticket, lease = ARGV[1], tonumber(ARGV[2])
local longest_wait, longest_pause = tonumber(ARGV[3]), tonumber(ARGV[4])
local START, WAIT, PAUSED, LOST = 0, 1, 2, 3
local REJECTED = 10
-- After a longer wait, a process asks again, because a pause may have begun.
local CONFIRM_AFTER = SECOND
-- How long a process that does not ask again keeps its place.
local GRACE = 3 * SECOND

local longest_window = tonumber(ARGV[7])
local info = redis.call('INFO', 'server')
local server = {
    run = string.match(info, 'run_id:(%x+)') or '',
    age = (string.match(info, 'uptime_in_seconds:(%d+)') or 0) * SECOND,
    known = ARGV[5] == '1',
}
load(longest_window, lease, server, ARGV[6] == '1')
redis.call('HSET', STATE, 'run', server.run)

local before = redis.call('ZRANK', WAITING, ticket)
if not before then
    -- The reply to the same ticket may have been lost.
    redis.call('ZREM', LEASES, ticket)
    before = redis.call('ZCARD', WAITING)
end
local waiting = redis.call('ZCARD', WAITING)
local in_flight = redis.call('ZCARD', LEASES) - waiting
local outstanding = in_flight + before

local earliest, reason = now, WAIT
if state.paused > earliest then
    earliest, reason = state.paused, PAUSED
end
if state.lost > 0 and state.lost + longest_window + MARGIN > earliest then
    earliest, reason = state.lost + longest_window + MARGIN, LOST
end

-- When this request can start, and whether that is certain. Otherwise it is the earliest time: a request
-- in flight may be answered now, and one that waits starts a window after the one it waits for.
local function start_within(requests, window)
    local allowed = math.max(1, math.floor(requests * state.percent / 100))
    local index, windows = outstanding - allowed, 1
    while index >= in_flight do
        index, windows = index - allowed, windows + 1
    end
    window = window + MARGIN
    local time = earliest
    if index >= 0 then
        time = math.max(time, now + window)
    else
        local response = redis.call('LINDEX', RESPONSES, index)
        time = math.max(time, (response or -window) + window)
    end
    return time + (windows - 1) * window, windows == 1 and index < 0
end

local start, is_certain = earliest, true
for index = 8, #ARGV, 2 do
    local time, certain = start_within(tonumber(ARGV[index]), tonumber(ARGV[index + 1]))
    start = math.max(start, time)
    is_certain = is_certain and certain
end
local code = WAIT
if start == earliest then
    code = reason
end

local wait = start - now
local longest = longest_wait
if code == PAUSED then
    longest = math.min(longest, longest_pause)
end
if wait > longest then
    redis.call('ZREM', LEASES, ticket)
    redis.call('ZREM', WAITING, ticket)
    code = code + REJECTED
elseif is_certain and wait <= CONFIRM_AFTER then
    redis.call('ZADD', LEASES, text(start + lease), ticket)
    redis.call('ZREM', WAITING, ticket)
    code = START
else
    if before == waiting then
        local last = redis.call('ZRANGE', WAITING, -1, -1, 'WITHSCORES')
        redis.call('ZADD', WAITING, text((last[2] or 0) + 1), ticket)
    end
    redis.call('ZADD', LEASES, text(start + GRACE), ticket)
end
save()
return { now, code, wait }
