-- What both scripts start with: reads the state, and makes it valid. Times are in microseconds, on the
-- clock of the server.

local STATE, LEASES, WAITING, RESPONSES = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local MARGIN = 1000
local SECOND = 1000000
local HOUR = 3600 * SECOND
local MONTH = 30 * 24 * HOUR

-- Lua would round a time to 14 digits.
local function text(number)
    return string.format('%.0f', number)
end

local clock = redis.call('TIME')
local now = clock[1] * SECOND + clock[2]
local NAMES = {
    'run', 'time', 'expires', 'responses', 'leases', 'waiting',
    'window', 'ttl', 'lost', 'paused', 'percent', 'since', 'reduced',
}
local stored = redis.call('HMGET', STATE, unpack(NAMES))
local is_absent = not stored[1]
local state = {}
for index = 2, #NAMES do
    state[NAMES[index]] = tonumber(stored[index] or nil) or 0
end
if state.percent == 0 then
    state.percent = 100
end

local function count()
    return redis.call('LLEN', RESPONSES), redis.call('ZCARD', LEASES), redis.call('ZCARD', WAITING)
end

-- After a restart, the data may be older than the last requests. If a key is missing that cannot have
-- expired, it was deleted or evicted.
local function is_data_lost(run)
    if run and stored[1] ~= run then
        return true
    end
    local responses, leases, waiting = count()
    return now < state.expires
        and (responses ~= state.responses or leases ~= state.leases or waiting ~= state.waiting)
end

-- The clock was set back: all times move with it, as if no time had passed since the last step.
local function move_back(by)
    local responses = redis.call('LRANGE', RESPONSES, 0, -1)
    redis.call('DEL', RESPONSES)
    for _, time in ipairs(responses) do
        redis.call('RPUSH', RESPONSES, text(time - by))
    end
    local leases = redis.call('ZRANGE', LEASES, 0, -1)
    for _, ticket in ipairs(leases) do
        redis.call('ZINCRBY', LEASES, text(-by), ticket)
    end
    for _, name in ipairs({ 'expires', 'lost', 'paused', 'reduced' }) do
        state[name] = math.max(0, state[name] - by)
    end
end

-- A request leaves a window one window after its response. Keeps the order of times.
local function record_response(time)
    local last = redis.call('LINDEX', RESPONSES, -1)
    redis.call('RPUSH', RESPONSES, text(math.max(time, tonumber(last or 0))))
end

-- A lease that has expired counts as a response, unless it is a place in the queue.
local function expire()
    local expired = redis.call('ZRANGEBYSCORE', LEASES, '-inf', text(now), 'WITHSCORES')
    for index = 1, #expired, 2 do
        redis.call('ZREM', LEASES, expired[index])
        if redis.call('ZREM', WAITING, expired[index]) == 0 then
            record_response(tonumber(expired[index + 1]))
        end
    end
    local first = redis.call('LINDEX', RESPONSES, 0)
    while first and first + state.window + MARGIN <= now do
        redis.call('LPOP', RESPONSES)
        first = redis.call('LINDEX', RESPONSES, 0)
    end
end

-- `server` has the name of its run and its age, and whether the state must exist, because this server or
-- this process has used it.
local function load(window, lease, server, jumped)
    if is_absent then
        if server.known then
            state.lost = now
        elseif server.age < window then
            -- The state may have been lost when the server started.
            state.lost = math.min(now, now - server.age + SECOND)
        end
    else
        if jumped or is_data_lost(server.run) then
            state.lost = now
        end
        if now >= state.expires then
            state.window, state.ttl = 0, 0
        end
    end
    -- Processes may have different limits: keeps what the longest window needs.
    state.window = math.max(state.window, window)
    state.ttl = math.max(state.ttl, window + lease)
    -- The first write, which fails before anything is changed if the server accepts none.
    redis.call('HSET', STATE, 'time', text(now))
    if now < state.time then
        move_back(state.time - now)
    end
    state.paused = math.min(state.paused, now + HOUR)
    expire()
end

local function save()
    state.time = now
    state.responses, state.leases, state.waiting = count()
    local is_renewed = state.expires < now + state.ttl
    if is_renewed then
        state.expires = now + 2 * state.ttl
        -- The state is kept for longer: without it, a deletion of all keys would look like a first use.
        redis.call('PEXPIRE', STATE, text(math.max(MONTH, 4 * state.ttl) / 1000))
    end
    local values = {}
    for index = 2, #NAMES do
        values[#values + 1] = NAMES[index]
        values[#values + 1] = text(state[NAMES[index]])
    end
    redis.call('HSET', STATE, unpack(values))
    for index, part in ipairs({ 'leases', 'waiting', 'responses' }) do
        -- A key with one entry may be new.
        if is_renewed or state[part] == 1 then
            local time = state.expires - now + SECOND
            redis.call('PEXPIRE', KEYS[index + 1], text(time / 1000))
        end
    end
end

