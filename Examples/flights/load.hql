-- The files as they came: comma-separated, a header line, NA for null.
create database if not exists flights;
use flights;

drop table if exists raw;
create table raw (
  year int, month int, day int, dep_time int, sched_dep_time int, dep_delay int, arr_time int, sched_arr_time int,
  arr_delay int, carrier string, flight int, tailnum string, origin string, dest string, air_time int, distance int,
  hour int, minute int, time_hour string)
row format delimited fields terminated by ',' null defined as 'NA'
tblproperties ('skip.header.line.count' = '1');
load data local inpath '${hivevar:data}/flights-2013-01.csv.gz' overwrite into table raw;

drop table if exists airlines;
create table airlines (carrier string, name string)
row format delimited fields terminated by ','
tblproperties ('skip.header.line.count' = '1');
load data local inpath '${hivevar:data}/airlines.csv' overwrite into table airlines;

-- The same rows in the three formats.
drop table if exists flights_text;
create table flights_text stored as textfile as select * from raw;
drop table if exists flights_sequence;
create table flights_sequence stored as sequencefile as select * from raw;
drop table if exists flights_rcfile;
create table flights_rcfile stored as rcfile as select * from raw;
