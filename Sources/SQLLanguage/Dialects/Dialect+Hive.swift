extension Dialect {
    /// HiveQL as Hive 2.3 has it, with the later additions that break no older query.
    public static let hive = Dialect(
        name: "hive", reserved: hiveReserved, nonReserved: hiveNonReserved, functionWords: hiveFunctionWords,
        nullsFirstWhenAscending: true)

    /// Words that can be no names unless quoted.
    private static let hiveReserved: Set<Keyword> = [
        .all, .alter, .and, .array, .as, .authorization, .between, .bigint, .binary, .boolean, .both, .by, .case,
        .cast, .char, .column, .commit, .conf, .constraint, .create, .cross, .cube, .current, .currentDate,
        .currentTimestamp, .cursor, .database, .date, .decimal, .delete, .describe, .distinct, .div, .double,
        .drop, .else, .end, .except, .exchange, .exists, .extended, .external, .extract, .false, .fetch, .float,
        .floor, .following, .for, .foreign, .from, .full, .function, .grant, .group, .grouping, .having, .if,
        .import, .in, .inner, .insert, .int, .integer, .intersect, .interval, .into, .is, .join, .lateral, .left,
        .less, .like, .local, .macro, .map, .merge, .minus, .more, .none, .not, .null, .of, .on, .only, .or,
        .order, .out, .outer, .over, .partialscan, .partition, .percent, .preceding, .precision, .preserve,
        .primary, .procedure, .range, .reads, .reduce, .references, .regexp, .revoke, .right, .rlike, .rollback,
        .rollup, .row, .rows, .select, .set, .smallint, .start, .table, .tablesample, .then, .timestamp, .to,
        .transform, .trigger, .true, .truncate, .unbounded, .union, .uniquejoin, .update, .user, .using, .values,
        .varchar, .when, .where, .window, .with,
    ]

    /// Words that the grammar knows but that may be names.
    private static let hiveNonReserved: Set<Keyword> = [
        .abort, .add, .admin, .after, .analyze, .anti, .any, .archive, .asc, .autocommit, .batch, .before, .bucket,
        .buckets, .cache, .cascade, .change, .cluster, .clustered, .clusterstatus, .collection, .columns, .comment,
        .compact, .compactions, .compute, .concatenate, .continue, .data, .databases, .datetime, .day, .dayofweek,
        .days, .dbproperties, .dec, .deferred, .defined, .delimited, .dependency, .desc, .directories, .directory,
        .disable, .distribute, .dump, .enable, .escaped, .exclusive, .explain, .export, .fields, .file,
        .fileformat, .files, .first, .format, .formatted, .functions, .holdDDLTime, .hour, .hours, .idxproperties,
        .ignore,
        .index, .indexes, .inpath, .inputdriver, .inputformat, .isolation, .items, .jar, .key, .keys, .last,
        .leading, .level, .limit, .lines, .load, .location, .lock, .locks, .logical, .long, .mapjoin, .matched,
        .materialized, .metadata, .minute, .minutes, .month, .months, .msck, .norely, .noscan, .novalidate,
        .noDrop, .nulls, .numeric, .offline, .offset, .option, .outputdriver, .outputformat, .overwrite, .owner,
        .partitioned, .partitions, .plus, .pretty, .principals, .protection, .purge, .quarter, .quarters, .read,
        .readonly, .rebuild, .recordreader, .recordwriter, .reload, .rely, .rename, .repair, .repl, .replace,
        .replication, .restrict, .rewrite, .role, .roles, .schema, .schemas, .second, .seconds, .semi, .serde,
        .serdeproperties, .server, .sets, .shared, .show, .showDatabase, .skewed, .snapshot, .sort, .sorted, .ssl,
        .statistics, .status, .stored, .streamtable, .string, .struct, .sync, .tables, .tblproperties, .temporary,
        .terminated, .tinyint, .touch, .trailing, .transaction, .transactions, .unarchive, .undo, .uniontype,
        .unknown, .unlock, .unset, .unsigned, .uri, .use, .utc, .utcTimestamp, .validate, .view, .views, .week,
        .weeks, .while, .work, .write, .year, .years,
    ]

    /// Reserved words that may name a function where a parenthesis follows.
    private static let hiveFunctionWords: Set<Keyword> = [
        .array, .bigint, .binary, .boolean, .char, .currentDate, .currentTimestamp, .date, .decimal, .double, .float,
        .floor, .grouping, .if, .int, .integer, .left, .map, .right, .smallint, .timestamp, .varchar,
    ]
}
