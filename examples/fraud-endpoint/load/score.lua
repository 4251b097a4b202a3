-- Payments of the sample data's cards and merchants, one in ten of a card that is not there.
-- Counts what the answers say, since a score by defaults is a status 200 as well.

local counts = { "complete", "defaults", "refused", "other" }
local threads = {}

function setup(thread)
  thread:set("seed", #threads)
  table.insert(threads, thread)
end

function init(args)
  math.randomseed(seed + 1)
  for _, name in ipairs(counts) do
    _G[name] = 0
  end
end

function request()
  local body = string.format(
    '{"card_id": "card-%06d", "merchant_id": "shop-%05d", "amount": %.2f}',
    math.random(0, 1110), math.random(0, 99), math.random() * 200)
  return wrk.format("POST", "/score", { ["Content-Type"] = "application/json" }, body)
end

function response(status, headers, body)
  if status == 503 then
    refused = refused + 1
  elseif status ~= 200 then
    other = other + 1
  elseif body:find('"complete":true', 1, true) then
    complete = complete + 1
  else
    defaults = defaults + 1
  end
end

function done(summary, latency, requests)
  for _, name in ipairs(counts) do
    local total = 0
    for _, thread in ipairs(threads) do
      total = total + thread:get(name)
    end
    print(string.format("%-10s %d", name, total))
  end
  print(string.format("%-10s %.2f ms", "P99.9", latency:percentile(99.9) / 1000))
end
