import HoneyCatalog
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import Testing

struct TableTests {
    private let world = TestWorld()
    private let name = TableName("t")

    private func create(_ columns: [TableColumn] = [TableColumn("a", .int)], keys: [TableColumn] = []) throws {
        try world.run(CreateTable(name: name, columns: columns, partitionKeys: keys))
    }

    private func table() throws -> Table { try #require(try world.metastore.table("t", in: "default")) }

    @Test func storesDelimitersAsHiveDoes() throws {
        try create()
        #expect(try table().storage.serde.properties == ["serialization.format": "1"])
        let clause = StorageClause(
            rowFormat: .serde("org.apache.hadoop.hive.serde2.RegexSerDe", properties: ["input.regex": "(.*)"]))
        try world.run(CreateTable(name: TableName("r"), columns: [TableColumn("a", .string)], storage: clause))
        let regex = try #require(try world.metastore.table("r", in: "default"))
        #expect(regex.storage.serde.library == "org.apache.hadoop.hive.serde2.RegexSerDe")
        #expect(regex.storage.serde.properties == ["input.regex": "(.*)", "serialization.format": "1"])
        let lines = StorageClause(rowFormat: .delimited(DelimitedRowFormat(lineDelimiter: "|")))
        #expect(
            errorOf {
                try world.run(CreateTable(name: TableName("l"), columns: [TableColumn("a", .int)], storage: lines))
            }?
            .code == "LINES_TERMINATED_BY")
    }

    @Test func refusesDefinitionsThatCannotBe() throws {
        func code(_ columns: [TableColumn], _ keys: [TableColumn] = []) -> String? {
            errorOf { try create(columns, keys: keys) }?.code
        }
        #expect(code([]) == "NO_COLUMNS")
        #expect(code([TableColumn("a", .int), TableColumn("A", .int)]) == "DUPLICATE_COLUMN")
        #expect(code([TableColumn("a", .int)], [TableColumn("a", .int)]) == "DUPLICATE_COLUMN")
        #expect(code([TableColumn("a", .array(.void))]) == "TYPE_NOT_STORABLE")
        #expect(code([TableColumn("a", .int)], [TableColumn("p", .array(.int))]) == "PARTITION_KEY_TYPE")
        let unknown = StorageClause(fileFormat: .keyword("textfil"))
        #expect(
            errorOf { try world.run(CreateTable(name: name, columns: [TableColumn("a", .int)], storage: unknown)) }?
                .message
                == "unknown file format: textfil (did you mean textfile?)")
        try create()
        #expect(code([TableColumn("a", .int)]) == "TABLE_EXISTS")
        try world.run(CreateTable(name: name, ifNotExists: true, columns: []))
    }

    @Test func copiesADefinition() throws {
        try create(keys: [TableColumn("p", .string)])
        try world.run(CreateTableLike(name: TableName("u"), source: name, isExternal: true, location: "memory:/u"))
        let copy = try #require(try world.metastore.table("u", in: "default"))
        #expect(copy.kind == .external && copy.storage.location == "memory:/u" && copy.partitionKeys.count == 1)
    }

    @Test func changesColumnsByHivesRules() throws {
        try create([TableColumn("a", .int, comment: "c"), TableColumn("b", .string)])
        func alter(_ change: AlterTable.Change) throws { try world.run(AlterTable(table: name, change: change)) }
        try alter(.addColumns([TableColumn("D", .date)], cascade: false))
        try alter(.changeColumn("a", to: TableColumn("x", .bigint), position: .after("b"), cascade: false))
        #expect(
            try table().storage.columns == [
                TableColumn("b", .string), TableColumn("x", .bigint, comment: "c"), TableColumn("d", .date),
            ])
        #expect(
            errorOf { try alter(.changeColumn("x", to: TableColumn("x", .int), position: nil, cascade: false)) }?.code
                == "INCOMPATIBLE_TYPE")
        #expect(
            errorOf { try alter(.addColumns([TableColumn("b", .int)], cascade: false)) }?.code == "DUPLICATE_COLUMN")
        try alter(.replaceColumns([TableColumn("only", .string)], cascade: false))
        #expect(try table().storage.columns == [TableColumn("only", .string)])
        #expect(try table().parameters["last_modified_by"] == "bee")
    }

    @Test func changesPropertiesAndStorage() throws {
        try create()
        func alter(_ change: AlterTable.Change) throws { try world.run(AlterTable(table: name, change: change)) }
        try alter(.setProperties(["foo": "bar"]))
        #expect(try table().parameters["foo"] == "bar")
        try alter(.unsetProperties(["foo"], ifExists: false))
        #expect(errorOf { try alter(.unsetProperties(["foo"], ifExists: false)) }?.code == "PROPERTY_NOT_FOUND")
        try alter(.unsetProperties(["foo"], ifExists: true))
        try alter(.storage(.serdeProperties(["field.delim": ","])))
        try alter(.storage(.fileFormat(.keyword("rcfile"))))
        #expect(try table().storage.inputFormat == "org.apache.hadoop.hive.ql.io.RCFileInputFormat")
        #expect(try table().storage.serde.library.hasSuffix("LazyBinaryColumnarSerDe"))
        try alter(.storage(.location("/elsewhere")))
        #expect(try table().storage.location == "memory:/elsewhere")
    }

    @Test func dropsOnlyItsOwnFiles() throws {
        try world.run(
            CreateTable(name: name, isExternal: true, columns: [TableColumn("a", .int)], location: "/warehouse/ext"))
        try world.run(InsertIntoTable(inserts: [TableInsert(table: name, isOverwrite: false, query: .rows([1]))]))
        try world.run(DropTable(name: name))
        #expect(try world.lines(at: "memory:/warehouse/ext") == ["1"])
        #expect(errorOf { try world.run(DropTable(name: name)) }?.code == "TABLE_NOT_FOUND")
        try world.run(DropTable(name: name, ifExists: true))
        try world.run(DropTable(name: TableName(database: "nothing", "t"), ifExists: true))
    }

    @Test func dropsDatabases() throws {
        try world.run(CreateDatabase(name: "d"))
        try world.run(UseDatabase(name: "D"))
        try create()
        #expect(errorOf { try world.run(DropDatabase(name: "d")) }?.code == "DATABASE_NOT_EMPTY")
        try world.run(DropDatabase(name: "d", isCascade: true))
        #expect(try world.metastore.database("d") == nil)
        #expect(try world.names(in: "").isEmpty)
        #expect(errorOf { try world.run(DropDatabase(name: "default")) }?.code == "DATABASE_NEEDED")
    }

    @Test func castsWhatDoesNotFit() throws {
        try create([TableColumn("a", .bigint)])
        let insert = InsertIntoTable(inserts: [TableInsert(table: name, isOverwrite: false, query: .rows([1]))])
        // The test engine runs no projections: that it was given one shows in its error.
        #expect(errorOf { try world.run(insert) }?.code == "INTERNAL")
        let two = InsertIntoTable(inserts: [TableInsert(table: name, isOverwrite: false, query: .rows([1, 2]))])
        #expect(errorOf { try world.run(two) }?.message == "query gives 2 columns, but the target takes 1")
    }
}
