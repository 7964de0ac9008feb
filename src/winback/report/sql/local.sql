-- A local time as microseconds since 1970 UTC. $spelled: date and time; $timezone: where it is.
-- When the clocks go back an hour comes twice: the first one is meant, and the engine answers with the second.
epoch_us(timezone($timezone, try_cast($spelled as timestamp)))
    - case
        when timezone($timezone, timezone($timezone, try_cast($spelled as timestamp)) - interval 1 hour) = try_cast($spelled as timestamp)
        then 3600000000
        else 0
    end
