import Foundation
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyPlan

extension CommandContext {
    /// The context as commands need it that touch files.
    func withFiles() throws -> any FileCommandContext {
        guard let context = self as? any FileCommandContext else {
            throw HoneyError.unexpected("command needs file systems, but was given none")
        }
        return context
    }

    /// The name with its database spelled out.
    func qualified(_ name: TableName) -> (database: String, name: String) {
        (name.database ?? session.currentDatabase.lowercased(), name.name)
    }

    /// Finds a table; nil when there is none, or no database of that name.
    func find(_ name: TableName) throws -> Table? {
        let (database, table) = qualified(name)
        return try metastore.table(table, in: database)
    }

    /// Finds a table; fails with `TABLE_NOT_FOUND` or `DATABASE_NOT_FOUND`, with the nearest name.
    func require(_ name: TableName) throws -> Table {
        if let table = try find(name) { return table }
        let (database, table) = qualified(name)
        _ = try requireDatabase(database)
        let hint = SpellingSuggestion.hint(for: table, in: try metastore.tables(in: database))
        throw HoneyError(
            .semantic, "TABLE_NOT_FOUND", "no such table: \(database).\(table)\(hint)", sqlState: "42S02",
            at: name.position)
    }

    /// Finds a table that holds rows; fails with `NOT_A_TABLE` for a view.
    func requireStored(_ name: TableName) throws -> Table {
        let table = try require(name)
        guard table.kind != .view else {
            throw HoneyError(.semantic, "NOT_A_TABLE", "a view holds no rows: \(name)", at: name.position)
        }
        return table
    }

    func requireDatabase(_ name: String) throws -> Database {
        if let database = try metastore.database(name) { return database }
        let hint = SpellingSuggestion.hint(for: name.lowercased(), in: try metastore.databases())
        throw HoneyError(.semantic, "DATABASE_NOT_FOUND", "no such database: \(name.lowercased())\(hint)")
    }

    /// Seconds since 1970-01-01 UTC.
    var nowSeconds: Int { Int(session.values.nowNanoseconds / 1_000_000_000) }
}

extension FileCommandContext {
    /// Reads a path as statements give it: without a scheme it is the machine's own when local, else the warehouse's.
    func location(of text: String, isLocal: Bool) throws -> FileLocation {
        guard !text.isEmpty else { throw HoneyError(.semantic, "BAD_LOCATION", "path is empty") }
        if let location = FileLocation(text) {
            let hasScheme = text.utf8.first != UInt8(ascii: "/")
            // `hdfs:/a` is on the warehouse's HDFS: written out, so that the same place has one name.
            let isDefault = hasScheme ? location.authority.isEmpty && location.scheme == warehouse.scheme : !isLocal
            guard isDefault else { return location }
            return FileLocation(scheme: warehouse.scheme, authority: warehouse.authority, path: location.path)
        }
        if isLocal || warehouse.scheme == "file" {
            return FileLocation(path: FileManager.default.currentDirectoryPath + "/" + text)
        }
        return FileLocation(
            scheme: warehouse.scheme, authority: warehouse.authority, path: "/user/\(session.user)/\(text)")
    }
}
