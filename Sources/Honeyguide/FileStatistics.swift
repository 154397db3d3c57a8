import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyOptimizer

/// What is known of a table: the metastore's statistics, completed by the sizes of its files.
struct FileStatistics: StatisticsProvider {
    let metastore: any Metastore
    let fileSystems: FileSystems

    func statistics(of table: Table, partitions: [Partition]?) throws -> TableStatistics {
        var statistics = try metastore.statistics(of: table)
        let locations = partitions.map { $0.map(\.storage.location) } ?? [table.storage.location]
        let bytes = locations.reduce(0) { $0 + size(of: $1) }
        statistics.totalBytes = bytes
        if statistics.rowCount == nil || partitions != nil {
            statistics.rowCount = Double(bytes) / FileStatistics.rowBytes(table)
        }
        return statistics
    }

    /// Bytes of a location's visible files; 0 when it cannot be listed, since an estimate must not fail a query.
    private func size(of location: String) -> Int {
        guard let location = FileLocation(location), let fileSystem = try? fileSystems.serving(location),
            let entries = try? fileSystem.list(location)
        else { return 0 }
        return entries.filter { !$0.isDirectory && !$0.location.isHidden }.reduce(0) { $0 + $1.size }
    }

    /// A guess at the bytes of a row: what its types take as text, about.
    private static func rowBytes(_ table: Table) -> Double {
        max(table.storage.columns.reduce(0.0) { $0 + width(of: $1.type) }, 1)
    }

    private static func width(of type: DataType) -> Double {
        switch type {
        case .void, .boolean, .tinyint: 3
        case .smallint: 4
        case .int, .float: 6
        case .bigint, .double, .decimal: 8
        case .date: 11
        case .timestamp: 22
        case .string, .binary: 20
        case .varchar(let length), .char(let length): min(Double(length), 20)
        case .intervalYearMonth, .intervalDayTime: 12
        case .array(let element): 4 * width(of: element)
        case .map(let key, let value): 4 * (width(of: key) + width(of: value))
        case .structure(let fields): fields.reduce(0) { $0 + width(of: $1.type) }
        case .union(let branches): 2 + (branches.map { width(of: $0) }.max() ?? 0)
        }
    }
}
