-- A page of messages, the newest first, out of one sorted set or several that are merged.
-- KEYS: the history, then the sorted sets.
-- ARGV: highest score, lowest score, latest and earliest time of a message (ms), of which its score is up to a second behind, score and member of the place to go on behind ('' for none), how many messages,
--   how many to look at, direction (byte of the record, '' for any), kind (its code, '' for any), status (its letter,
--   '' for any), '1' for ids alone.
-- Returns: score and member of the last that was looked at ('' when the sorted sets are at their end), then for each
-- message: member, record up to the end of its view, statuses, edit, time of deletion, file, star.
local history = KEYS[1]
local high, low, latest, earliest, atScore, atMember = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), ARGV[5], ARGV[6]
local limit, budget = tonumber(ARGV[7]), tonumber(ARGV[8])
local direction, kind, status, idsOnly = ARGV[9], ARGV[10], ARGV[11], ARGV[12] == '1'
local chunk = math.min(limit + 1, 200)

-- Lua compares text as the locale says, Redis bytes as they are.
local function before(a, b)
  for n = 1, math.min(#a, #b) do
    local x, y = string.byte(a, n), string.byte(b, n)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local sources = {}
for n = 2, #KEYS do
  sources[#sources + 1] = { key = KEYS[n], offset = 0, rows = {}, at = 1, ended = false }
end

-- The next entry of a sorted set: member and score, or nothing.
local function head(source)
  while source.at > #source.rows and not source.ended do
    source.rows = redis.call('ZRANGE', source.key, high, low, 'BYSCORE', 'REV', 'LIMIT', source.offset, chunk, 'WITHSCORES')
    source.offset = source.offset + chunk
    source.ended = #source.rows < 2 * chunk
    source.at = 1
    -- What stands at the place, or before it, was on the page before.
    while source.at < #source.rows and atMember ~= '' and source.rows[source.at + 1] == atScore
      and not before(source.rows[source.at], atMember) do
      source.at = source.at + 2
    end
  end
  return source.rows[source.at], source.rows[source.at + 1]
end

-- A record, or the record behind the first bytes of an edit, without its content.
local function view(value, first)
  if not value then return value end
  local a, b, c = string.byte(value, first + 12, first + 14)
  return string.sub(value, 1, first + 14 + a * 65536 + b * 256 + c)
end

local function isInTime(record)
  local time = 0
  for n = 7, 12 do
    time = time * 256 + string.byte(record, n)
  end
  return time <= latest and time >= earliest
end

local found = { '', '' }
local count, looked = 0, 0
while count < limit and looked < budget do
  local best, member, score
  for _, source in ipairs(sources) do
    local m, s = head(source)
    if m and (not best or tonumber(s) > tonumber(score) or (s == score and before(member, m))) then
      best, member, score = source, m, s
    end
  end
  if not best then
    found[1], found[2] = '', ''
    return found
  end
  best.at = best.at + 2
  looked = looked + 1
  found[1], found[2] = score, member
  local record = redis.call('HGET', history, 'm' .. member)
  if record and isInTime(record) and (direction == '' or string.byte(record, 5) == tonumber(direction))
    and (kind == '' or string.byte(record, 6) == tonumber(kind)) then
    local rest = redis.call('HMGET', history, 's' .. member, 'e' .. member, 'd' .. member, 'f' .. member, 'x' .. member)
    if status == '' or (rest[1] and string.sub(rest[1], 1, 1) == status) then
      count = count + 1
      found[#found + 1] = member
      if not idsOnly then
        found[#found + 1] = view(record, 1)
        found[#found + 1] = rest[1]
        found[#found + 1] = view(rest[2], 7)
        found[#found + 1] = rest[3]
        found[#found + 1] = rest[4]
        found[#found + 1] = rest[5]
      end
    end
  end
end
-- Nothing behind the last one: there is no further page.
local more = false
for _, source in ipairs(sources) do
  if head(source) then more = true end
end
if not more then found[1], found[2] = '', '' end
return found
