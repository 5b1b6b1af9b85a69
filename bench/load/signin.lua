-- POST /v1/signin, one account after another, so that no single account's row is hot.
local count = tonumber(os.getenv("BENCH_ACCOUNTS"))
local body = '{"uid":"bench-%04d","password":"correct horse battery"}'
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
local next_account = 0
request = function()
  next_account = (next_account + 1) % count
  return wrk.format(nil, nil, nil, body:format(next_account))
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
