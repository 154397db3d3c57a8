import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension CreateDatabase {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let name = name.lowercased()
        if try context.metastore.database(name) != nil {
            if ifNotExists { return CommandResult() }
            throw HoneyError(.semantic, "DATABASE_EXISTS", "database already exists: \(name)")
        }
        let place =
            try location.map { try context.location(of: $0, isLocal: false) }
            ?? context.warehouse.appending(name + ".db")
        try context.fileSystems.serving(place).makeDirectory(place)
        try context.metastore.create(
            Database(
                name: name, comment: comment ?? "", location: place.description, ownerName: context.session.user,
                parameters: parameters))
        return CommandResult()
    }
}

extension DropDatabase {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        if ifExists, try context.metastore.database(name) == nil { return CommandResult() }
        let database = try context.requireDatabase(name)
        guard database.name != "default" else {
            throw HoneyError(.semantic, "DATABASE_NEEDED", "database default cannot be dropped")
        }
        let names = try context.metastore.tables(in: database.name)
        guard isCascade || names.isEmpty else {
            throw HoneyError(
                .semantic, "DATABASE_NOT_EMPTY",
                "database is not empty: \(database.name) (tables: \(names.count); use cascade)")
        }
        for name in names {
            guard let table = try context.metastore.table(name, in: database.name) else { continue }
            try TableDropping.drop(table, in: context)
        }
        try context.metastore.dropDatabase(database.name, cascade: isCascade)
        removeDirectory(database, in: context)
        return CommandResult()
    }

    /// Removes the database's directory unless somebody else's files are in it.
    private func removeDirectory(_ database: Database, in context: any FileCommandContext) {
        guard let place = FileLocation(database.location), place != context.warehouse,
            let fileSystem = try? context.fileSystems.serving(place), let entries = try? fileSystem.list(place)
        else { return }
        for entry in entries where entry.isDirectory && entry.location.name.hasPrefix(StagingArea.prefix) {
            let name = String(entry.location.name.dropFirst(StagingArea.prefix.count))
            if Writer.mayBeAlive(name, touchedMilliseconds: entry.modifiedMilliseconds) { return }
            _ = try? fileSystem.delete(entry.location, recursive: true)
        }
        _ = try? fileSystem.delete(place, recursive: false)
    }
}

extension AlterDatabase {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        var database = try context.requireDatabase(name)
        switch change {
        case .setProperties(let properties): database.parameters.merge(properties) { $1 }
        case .setOwner(let name, let type):
            database.ownerName = name
            database.ownerType = type.uppercased()
        case .setLocation(let text): database.location = try context.location(of: text, isLocal: false).description
        }
        try context.metastore.alter(database)
        return CommandResult()
    }
}

extension UseDatabase {
    public func run(in context: any CommandContext) throws -> CommandResult {
        context.session.currentDatabase = try context.requireDatabase(name).name
        return CommandResult()
    }
}
