import HoneyCatalog
import HoneyCore

/// A metastore of a few tables that never change.
struct FixedMetastore: Metastore {
    var content: [Table]

    func databases() -> [String] { Array(Set(content.map(\.database))).sorted() }

    func database(_ name: String) -> Database? {
        databases().contains(name) ? Database(name: name, location: "/warehouse/\(name)") : nil
    }

    func tables(in database: String) -> [String] {
        content.filter { $0.database == database }.map(\.name).sorted()
    }

    func table(_ name: String, in database: String) -> Table? {
        content.first { $0.database == database && $0.name == name }
    }

    func partitions(of table: Table) -> [Partition] { [] }
    func partition(_ values: [String], of table: Table) -> Partition? { nil }
    func statistics(of table: Table) -> TableStatistics { TableStatistics() }

    private func refuse() -> HoneyError { HoneyError(.environment, "READ_ONLY", "metastore never changes") }
    func create(_ database: Database) throws { throw refuse() }
    func alter(_ database: Database) throws { throw refuse() }
    func dropDatabase(_ name: String, cascade: Bool) throws { throw refuse() }
    func create(_ table: Table) throws -> Table { throw refuse() }
    func alter(_ name: String, in database: String, to table: Table) throws { throw refuse() }
    func dropTable(_ name: String, in database: String) throws { throw refuse() }
    func add(_ partitions: [Partition], to table: Table, ifNotExists: Bool) throws { throw refuse() }
    func alter(_ partition: Partition, of table: Table) throws { throw refuse() }
    func rename(_ partition: [String], to values: [String], of table: Table) throws { throw refuse() }
    func dropPartitions(_ values: [[String]], of table: Table) throws { throw refuse() }
    func setStatistics(_ statistics: TableStatistics, of table: Table) throws { throw refuse() }
}

extension Table {
    /// Makes a table from text such as `shop.item (id bigint, name string) partitioned by (day date)`.
    init(_ definition: String, kind: Kind = .managed, text: String? = nil) {
        let parts = definition.split(separator: " ", maxSplits: 1)
        let name = parts[0].split(separator: ".").map(String.init)
        let lists = String(parts[1]).components(around: " partitioned by ")
        self.init(
            database: name[0], name: name[1], kind: kind,
            storage: StorageDescriptor(
                columns: Table.columns(lists[0]), location: "/warehouse/\(name[0])/\(name[1])", inputFormat: "",
                outputFormat: "", serde: SerDeInfo(library: "")),
            partitionKeys: lists.count > 1 ? Table.columns(lists[1]) : [], viewOriginalText: text)
    }

    private static func columns(_ list: String) -> [TableColumn] {
        // The struct type's text is the one Core knows how to take apart.
        let fields = list.dropFirst().dropLast().replacing(" ", with: ":").replacing(",:", with: ",")
        guard case .structure(let columns)? = DataType(name: "struct<\(fields)>") else { return [] }
        return columns.map { TableColumn($0.name, $0.type) }
    }
}

extension String {
    fileprivate func components(around separator: String) -> [String] {
        guard let range = firstRange(of: separator) else { return [self] }
        return [String(self[..<range.lowerBound]), String(self[range.upperBound...])]
    }
}
