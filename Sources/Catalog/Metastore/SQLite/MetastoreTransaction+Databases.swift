import GRDB
import HoneyCore

extension MetastoreTransaction {
    func databaseNames() throws -> [String] { try rows("SELECT NAME FROM DBS ORDER BY NAME").map { $0[0] } }

    func database(_ name: String) throws -> Database? {
        guard
            let row = try row(
                "SELECT DB_ID, NAME, \"DESC\", DB_LOCATION_URI, OWNER_NAME, OWNER_TYPE FROM DBS WHERE NAME = ?", [name])
        else { return nil }
        return Database(
            name: row[1], comment: row[2] ?? "", location: row[3], ownerName: row[4] ?? "", ownerType: row[5] ?? "USER",
            parameters: try parameters("SELECT PARAM_KEY, PARAM_VALUE FROM DATABASE_PARAMS WHERE DB_ID = ?", row[0]))
    }

    /// Finds a database's id; fails with `DATABASE_NOT_FOUND`.
    func databaseID(_ name: String) throws -> Int64 {
        if let row = try row("SELECT DB_ID FROM DBS WHERE NAME = ?", [name]) { return row[0] }
        throw HoneyError(
            .semantic, "DATABASE_NOT_FOUND",
            "no such database: \(name)\(SpellingSuggestion.hint(for: name, in: try databaseNames()))", sqlState: "42000"
        )
    }

    func create(_ database: Database) throws {
        let name = database.name.lowercased()
        guard try row("SELECT 1 FROM DBS WHERE NAME = ?", [name]) == nil else {
            throw HoneyError(.semantic, "DATABASE_EXISTS", "database already exists: \(name)")
        }
        let id = try takeIDs(.database)
        try run(
            """
            INSERT INTO DBS (DB_ID, "DESC", DB_LOCATION_URI, NAME, OWNER_NAME, OWNER_TYPE) VALUES (?, ?, ?, ?, ?, ?)
            """,
            [id, database.comment, database.location, name, database.ownerName, database.ownerType])
        try insertParameters("INSERT INTO DATABASE_PARAMS VALUES (?, ?, ?)", id, database.parameters)
    }

    func alter(_ database: Database) throws {
        let id = try databaseID(database.name.lowercased())
        try run(
            "UPDATE DBS SET \"DESC\" = ?, DB_LOCATION_URI = ?, OWNER_NAME = ?, OWNER_TYPE = ? WHERE DB_ID = ?",
            [database.comment, database.location, database.ownerName, database.ownerType, id])
        try run("DELETE FROM DATABASE_PARAMS WHERE DB_ID = ?", [id])
        try insertParameters("INSERT INTO DATABASE_PARAMS VALUES (?, ?, ?)", id, database.parameters)
    }

    func dropDatabase(_ name: String, cascade: Bool) throws {
        let id = try databaseID(name)
        let tables = try tableNames(in: name)
        guard cascade || tables.isEmpty else {
            throw HoneyError(
                .semantic, "DATABASE_NOT_EMPTY", "database is not empty: \(name) (tables: \(tables.count); use cascade)"
            )
        }
        for table in tables { try dropTable(table, in: name) }
        try run("DELETE FROM FUNC_RU WHERE FUNC_ID IN (SELECT FUNC_ID FROM FUNCS WHERE DB_ID = ?)", [id])
        for table in ["FUNCS", "DB_PRIVS", "DATABASE_PARAMS", "DBS"] {
            try run("DELETE FROM \(table) WHERE DB_ID = ?", [id])
        }
    }
}
