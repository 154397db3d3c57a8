-- Which airlines are late, and how often?
select a.name, count(*) as flights, round(avg(f.dep_delay), 1) as mean_delay,
  sum(if(f.dep_delay > 60, 1, 0)) as an_hour_late
from flights_${hivevar:format} f join airlines a on f.carrier = a.carrier
where f.dep_delay is not null
group by a.name
having count(*) > 100
order by mean_delay desc
limit 5;
summary;

-- How far do people fly from each airport?
select origin, min(distance), max(distance), round(avg(distance)) from flights_${hivevar:format} group by origin order by origin;
summary;
