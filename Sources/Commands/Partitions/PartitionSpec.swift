import HoneyCatalog
import HoneyCore
import HoneyFiles

extension Table {
    /// The values of all partition keys, in order, as the metastore has them; fails when one is missing or unknown.
    func partitionValues(_ given: [PartitionValue]) throws -> [String] {
        let values = try someValues(given)
        return try partitionKeys.map { key in
            guard let value = values[key.name] else {
                throw HoneyError(
                    .semantic, "PARTITION_VALUES", "partition lacks a value for key \(key.name): \(qualifiedName)")
            }
            return value
        }
    }

    /// Values by partition key, of some keys.
    func someValues(_ given: [PartitionValue]) throws -> [String: String] {
        guard isPartitioned || given.isEmpty else {
            throw HoneyError(.semantic, "NOT_PARTITIONED", "table is not partitioned: \(qualifiedName)")
        }
        var values: [String: String] = [:]
        for item in given {
            let key = try partitionKey(item.key)
            guard let text = item.value else { continue }
            guard values.updateValue(try Table.normalized(text, key), forKey: key.name) == nil else {
                throw HoneyError(.semantic, "PARTITION_VALUES", "partition key is given twice: \(key.name)")
            }
        }
        return values
    }

    func partitionKey(_ name: String) throws -> TableColumn {
        if let key = partitionKeys.first(where: { $0.name == name.lowercased() }) { return key }
        throw HoneyError(
            .semantic, "PARTITION_KEY_NOT_FOUND",
            "no such partition key: \(name)\(SpellingSuggestion.hint(for: name, in: partitionKeys.map(\.name)))")
    }

    /// The partitions whose values are those given.
    func matching(_ given: [PartitionValue], among partitions: [Partition]) throws -> [Partition] {
        let values = try someValues(given)
        return partitions.filter { partition in
            zip(partitionKeys, partition.values).allSatisfy { key, value in
                values[key.name].map { Table.equal($0, value, key.type) } ?? true
            }
        }
    }

    /// Where a new partition goes.
    func usualLocation(ofPartition values: [String]) throws -> String {
        try FileLocation(stored: storage.location).appending(
            PartitionName.name(keys: partitionKeys.map(\.name), values: values)
        ).description
    }

    func partitionName(_ values: [String]) -> String {
        PartitionName.name(keys: partitionKeys.map(\.name), values: values)
    }

    /// A value as its key's type spells it: `04` is `4` for an int.
    static func normalized(_ text: String, _ key: TableColumn) throws -> String {
        if text == Partition.nullValue { return text }
        guard !text.isEmpty else {
            throw HoneyError(.semantic, "PARTITION_VALUES", "partition value is empty: \(key.name)")
        }
        guard key.type.isInteger || key.type == .date else { return text }
        if key.type.isInteger, let number = Int64(text.trimmingSpaces) { return String(number) }
        if key.type == .date, Date.isValid(text.trimmingSpaces) { return text.trimmingSpaces }
        throw HoneyError(
            .semantic, "PARTITION_VALUES", "partition value is not of type \(key.type.name): \(key.name) = '\(text)'")
    }

    static func equal(_ a: String, _ b: String, _ type: DataType) -> Bool { compare(a, b, type) == 0 }

    /// Orders two values by their key's type; nil when one is null's or not of the type.
    static func compare(_ a: String, _ b: String, _ type: DataType) -> Int? {
        if a == b { return 0 }
        if a == Partition.nullValue || b == Partition.nullValue { return nil }
        if type.isNumeric {
            if let x = Int64(a), let y = Int64(b) { return x < y ? -1 : x > y ? 1 : 0 }
            guard let x = Double(a), let y = Double(b) else { return nil }
            return x < y ? -1 : x > y ? 1 : 0
        }
        let x = Array(a.utf8)
        let y = Array(b.utf8)
        return x == y ? 0 : x.lexicographicallyPrecedes(y) ? -1 : 1
    }

    private enum Date {
        static func isValid(_ text: String) -> Bool {
            var text = text
            return text.withUTF8 { DateText.parse($0) != nil }
        }
    }
}

extension PartitionCondition {
    func matches(_ partition: Partition, of table: Table) throws -> Bool {
        let key = try table.partitionKey(self.key)
        guard let index = table.partitionKeys.firstIndex(of: key),
            let order = Table.compare(partition.values[index], try Table.normalized(value, key), key.type)
        else { return false }
        switch comparison {
        case .equal: return order == 0
        case .notEqual: return order != 0
        case .less: return order < 0
        case .lessOrEqual: return order <= 0
        case .greater: return order > 0
        case .greaterOrEqual: return order >= 0
        }
    }
}
