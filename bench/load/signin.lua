-- POST /v1/signin for one random account after another, so that no single account's row is hot.
local count = tonumber(os.getenv("BENCH_ACCOUNTS"))
local body = '{"uid":"' .. os.getenv("BENCH_UID") .. '","password":"correct horse battery"}'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
math.randomseed(7)
request = function()
  return wrk.format(nil, nil, nil, body:format(math.random(0, count - 1)))
end
local statuses = {}
response = function(status)
  statuses[status] = (statuses[status] or 0) + 1
  if statuses[status] == 1 or statuses[status] % 50 == 0 then
    local file = io.open(os.getenv("BENCH_STATUS"), "w")
    for code, times in pairs(statuses) do file:write(code, " ", times, "\n") end
    file:close()
  end
end
