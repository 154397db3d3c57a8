import HoneyCatalog
import HoneyCore
import HoneyFiles
public import HoneyPlan

extension CreateTableLike {
    public func run(in context: any CommandContext) throws -> CommandResult {
        let context = try context.withFiles()
        let check = CreateTable(name: name, ifNotExists: ifNotExists, columns: [])
        if try check.exists(in: context) { return CommandResult() }
        let model = try context.require(source)
        let (databaseName, tableName) = context.qualified(name)
        let database = try context.requireDatabase(databaseName)
        var descriptor = model.storage
        if model.kind == .view || storage != StorageClause() {
            let choice = try StorageChoice(storage, in: context, isManaged: !isExternal)
            descriptor = StorageDescriptor(
                columns: model.storage.columns, location: "", inputFormat: choice.inputFormat,
                outputFormat: choice.outputFormat, serde: choice.serde)
        }
        descriptor.location = try TableCreation.location(location, of: tableName, database: database, in: context)
            .description
        let table = TableCreation.table(
            tableName, databaseName, isExternal: isExternal, descriptor, keys: model.partitionKeys,
            parameters: model.parameters.filter { $0.key.hasPrefix("avro.schema.") }.merging(parameters) { $1 },
            in: context)
        try TableCreation.create(table, in: context)
        return CommandResult()
    }
}
