-- Requests that differ: arguments are path, order, first, last, request ids (0 or 1), and a file
-- of keys of one length to be sent in turn. The request is formatted once; only what differs is
-- put in anew.

local ID, REQUEST, KEY = "PLAYERNUMBER", "REQUESTNUMBER", "KEYPLACE"
local parts, order, first, last, count = {}, "fixed", 1, 1, 0
local keys = {}

local function cut(text, mark)
   local from, to = text:find(mark, 1, true)
   if not from then return text, nil end
   return text:sub(1, from - 1), text:sub(to + 1)
end

function init(args)
   order, first, last = args[2], tonumber(args[3]), tonumber(args[4])
   math.randomseed(os.time())
   local headers = {}
   for name, value in pairs(wrk.headers) do headers[name] = value end
   if args[5] == "1" then headers["X-Request-ID"] = "bench-" .. REQUEST end
   if args[6] and args[6] ~= "" then
      for line in io.lines(args[6]) do keys[#keys + 1] = line end
      headers["X-API-Key"] = KEY
   end
   local text = wrk.format("GET", args[1] .. "KB-" .. ID, headers)
   parts[1], text = cut(text, ID)
   parts[2], parts[3] = cut(text, REQUEST)
end

local function number()
   if order == "random" then return math.random(first, last) end
   if order == "sequence" then return first + count - 1 end
   return first
end

function request()
   count = count + 1
   local head = parts[1] .. string.format("%06d", number()) .. parts[2]
   if not parts[3] then return head end
   head = head .. string.format("%012d", count) .. parts[3]
   if #keys == 0 then return head end
   return (head:gsub(KEY, keys[count % #keys + 1], 1))
end
