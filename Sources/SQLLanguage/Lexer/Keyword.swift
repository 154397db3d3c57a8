/// The words that some dialect's grammar gives a meaning. Which of them may be names too is the dialect's matter.
enum Keyword: String, CaseIterable, Hashable, Sendable {
    case abort, add, admin, after, all, alter, analyze, and, anti, any, archive, array, `as`, asc
    case authorization, autocommit, batch, before, between, bigint, binary, boolean, both, bucket, buckets, by
    case cache, cascade, `case`, cast, change, char, cluster, clustered, clusterstatus, collection, column
    case columns, comment, commit, compact, compactions, compute, concatenate, conf, constraint, `continue`
    case create, cross, cube, current, currentDate = "current_date", currentTimestamp = "current_timestamp"
    case cursor, data, database, databases, date, datetime, day, dayofweek, days, dbproperties, dec, decimal
    case deferred, defined, delete, delimited, dependency, desc, describe, directories, directory, disable
    case distinct, distribute, div, double, drop, dump, `else`, enable, end, escaped, except, exchange
    case exclusive, exists, explain, export, extended, external, extract, `false`, fetch, fields, file
    case fileformat, files, first, float, floor, following, `for`, foreign, format, formatted, from, full, function
    case functions, grant, group, grouping, having, holdDDLTime = "hold_ddltime", hour, hours, idxproperties
    case `if`, ignore, `import`, `in`, index, indexes, inner, inpath, inputdriver, inputformat, insert, int
    case integer, intersect, interval, into, `is`, isolation, items, jar, join, key, keys, last, lateral
    case leading, left, less, level, like, limit, lines, load, local, location, lock, locks, logical, long
    case macro, map, mapjoin, matched, materialized, merge, metadata, minus, minute, minutes, month, months
    case more, msck, none, norely, noscan, not, novalidate, noDrop = "no_drop", null, nulls, numeric, of
    case offline, offset, on, only, option, or, order, out, outer, outputdriver, outputformat, over, overwrite
    case owner, partialscan, partition, partitioned, partitions, percent, plus, preceding, precision, preserve
    case pretty, primary, principals, procedure, protection, purge, quarter, quarters, range, read, readonly
    case reads, rebuild, recordreader, recordwriter, reduce, references, regexp, reload, rely, rename, repair
    case repl, replace, replication, restrict, revoke, rewrite, right, rlike, role, roles, rollback, rollup
    case row, rows, schema, schemas, second, seconds, select, semi, serde, serdeproperties, server, set, sets
    case shared, show, showDatabase = "show_database", skewed, smallint, snapshot, sort, sorted, ssl, start
    case statistics, status, stored, streamtable, string, `struct`, sync, table, tables, tablesample, tblproperties
    case temporary, terminated, then, timestamp, tinyint, to, touch, trailing, transaction, transactions
    case transform, trigger, `true`, truncate, unarchive, unbounded, undo, union, uniontype, uniquejoin
    case unknown, unlock, unset, unsigned, update, uri, use, user, using, utc, utcTimestamp = "utc_tmestamp"
    case validate, values, varchar, view, views, week, weeks, when, `where`, `while`, window, with, work
    case write, year, years

    private static let byText = Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0) })

    /// Finds a keyword by its lower-case text.
    static func named(_ text: String) -> Keyword? { byText[text] }
}
