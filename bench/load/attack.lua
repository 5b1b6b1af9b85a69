-- POST /v1/signin as strangers do: for one name or ever new ones, from one address or many, right or wrong.
local names = tonumber(os.getenv("BENCH_NAMES"))
local addresses = tonumber(os.getenv("BENCH_ADDRESSES"))
local uid = os.getenv("BENCH_UID")
local password = os.getenv("BENCH_PASSWORD")
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
math.randomseed(11)
request = function()
  local name = uid
  if names > 1 then name = uid .. math.random(1, names) end
  local host = math.random(0, addresses - 1)
  local address = "198." .. (51 + math.floor(host / 65536)) .. "." .. math.floor(host / 256) % 256 .. "." .. host % 256
  return wrk.format(nil, nil, { ["Content-Type"] = "application/json", ["X-Forwarded-For"] = address },
    '{"uid":"' .. name .. '","password":"' .. password .. '"}')
end
