package import HoneyCatalog
package import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

extension FormatContract {
    package static let damagedColumns = [
        ("a", "int"), ("b", "string"), ("c", "decimal(10,2)"), ("d", "timestamp"), ("e", "array<string>"),
        ("f", "struct<x:bigint,y:double>"), ("g", "map<string,int>"), ("h", "char(4)"),
    ].map { TableColumn($0.0, DataType(name: $0.1)!) }

    /// A small file, and the rows read of it.
    private static func sample(_ variant: FormatVariant) throws -> (FileTable, bytes: [UInt8], rows: [[Value]]) {
        var random = RandomRows(seed: 11)
        let rows = random.rows(damagedColumns, count: 4)
        let table = variant.smallGroups(damagedColumns)
        let bytes = try table.written(rows)
        return (table, bytes, try table.rows(bytes))
    }

    /// Reads all rows, or nil where that gives an error, which must tell its place in the file.
    package static func read(_ bytes: [UInt8], _ table: FileTable, _ comment: String) throws -> [[Value]]? {
        do {
            let reader = try table.reader(FileTable.file(bytes))
            var rows: [[Value]] = []
            // A wrong count of rows is no reason to go on for ever.
            while let batch = try reader.next(), rows.count < 100_000 {
                for row in 0..<batch.count { rows.append(batch.columns.map { $0.value(at: row) }) }
            }
            return rows
        } catch let error as HoneyError {
            #expect(error.file != nil, "\(comment): \(error)")
            #expect(["FILE_DAMAGED", "UNSUPPORTED_FILE", "UNKNOWN_CODEC"].contains(error.code), "\(comment): \(error)")
            return nil
        }
    }

    /// A file cut short anywhere gives an error or its first rows.
    package static func filesCutAnywhereGiveAnErrorOrTheirFirstRows(_ variant: FormatVariant) throws {
        let (table, bytes, rows) = try sample(variant)
        for end in 0..<bytes.count {
            let found = try read(Array(bytes[..<end]), table, "\(variant) cut at \(end)")
            if let found { #expect(found == Array(rows.prefix(found.count)), "\(variant) cut at \(end)") }
        }
    }

    /// A file with a byte flipped gives an error or rows: no crash, no hang, no memory without bound.
    package static func flippedBytesGiveAnErrorOrRows(_ variant: FormatVariant) throws {
        let (table, bytes, _) = try sample(variant)
        for bits in [0x01, 0x80] as [UInt8] {
            for index in bytes.indices {
                var wrong = bytes
                wrong[index] ^= bits
                _ = try read(wrong, table, "\(variant), byte \(index) flipped by \(bits)")
            }
        }
    }

    /// So does one with some bytes written over, inserted or taken out.
    package static func mutatedBytesGiveAnErrorOrRows(_ variant: FormatVariant, seed: Int) throws {
        let (table, bytes, _) = try sample(variant)
        var random = RandomRows(seed: UInt64(seed))
        for round in 0..<(60 * scale) {
            var wrong = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) where !wrong.isEmpty {
                let extremes: [UInt8] = [
                    0, 1, 0x7F, 0x80, 0x88, 0x8F, 0xFF, UInt8(truncatingIfNeeded: random.next()),
                ]
                let index = Int.random(in: 0..<wrong.count, using: &random)
                switch Int.random(in: 0..<10, using: &random) {
                case 0: wrong.remove(at: index)
                case 1: wrong.insert(extremes.randomElement(using: &random)!, at: index)
                default: wrong[index] = extremes.randomElement(using: &random)!
                }
            }
            _ = try read(wrong, table, "\(variant), seed \(seed), round \(round)")
        }
    }
}
