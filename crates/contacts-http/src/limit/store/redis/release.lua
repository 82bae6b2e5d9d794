-- ARGV: ticket, lease, longest window, start, and a pause after a 429, `none`, or `cancelled` if nothing
-- was sent. Returns the time.

local ticket, started, pause = ARGV[1], tonumber(ARGV[4]), ARGV[5]
-- The values that windows.rs has as well.
local LEAST, STEP, RESPONSES_PER_STEP = 10, 10, 50
-- A request with a reserved start may begin this long after a 429 to another.
local UNAWARE = SECOND

-- The next request for a permit finds out whether the server was restarted.
load(tonumber(ARGV[3]), tonumber(ARGV[2]), { known = true }, false)
local is_held = redis.call('ZREM', LEASES, ticket) == 1
redis.call('ZREM', WAITING, ticket)
-- An expired lease was counted, a lost one was not.
if pause ~= 'cancelled' and (is_held or state.lost >= started) then
    record_response(now)
end
if pause == 'none' then
    state.since = state.since + 1
    if state.since >= RESPONSES_PER_STEP then
        state.percent = math.min(100, state.percent + STEP)
        state.since = 0
    end
elseif pause ~= 'cancelled' then
    state.since = 0
    if started > state.reduced + UNAWARE then
        state.percent = math.max(LEAST, math.floor(state.percent / 2))
        state.reduced = now
    end
    state.paused = math.max(state.paused, now + math.min(tonumber(pause), HOUR))
end
save()
return now
