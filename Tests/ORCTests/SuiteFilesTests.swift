import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCodecs
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

@testable import HoneyORC

/// Files of other projects' test suites, in the folder that `HONEYGUIDE_SUITES` names; tests are skipped without it.
struct SuiteFilesTests {
    static let folder = ProcessInfo.processInfo.environment["HONEYGUIDE_SUITES"]

    /// One file of the folder's `manifest.json`.
    struct Entry: Decodable {
        var file: String
        var format: String?
        var rows: Int?
    }

    static func entries() throws -> [Entry] {
        guard let folder else { return [] }
        let data = try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent("manifest.json"))
        return try JSONDecoder().decode([Entry].self, from: data).filter { $0.format == "ORC" }
    }

    /// The columns of a file that have types of ours.
    static func columns(of tail: FileTail) -> [TableColumn] {
        tail.rowColumns.compactMap { column in column.type.dataType.map { TableColumn(column.name, $0) } }
    }

    static func file(_ entry: Entry) throws -> any ReadableFile {
        try FileTable.file(Array(Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/\(entry.file)"))))
    }

    /// The rows that a file is said to have, one JSON object each.
    static func expected(_ name: String) throws -> [[String: Any]] {
        let packed = try Data(contentsOf: URL(fileURLWithPath: "\(folder ?? "")/orc/expected/\(name).jsn.gz"))
        var text = [UInt8](repeating: 0, count: 64 << 20)
        let count = try packed.withUnsafeBytes { bytes in
            try text.withUnsafeMutableBytes { try BlockCodec.gzip.makeDecompressor().decompress(bytes, into: $0) }
        }
        return try text[..<count].split(separator: 0x0A).map {
            try JSONSerialization.jsonObject(with: Data($0)) as? [String: Any] ?? [:]
        }
    }

    /// Tells whether a value is what JSON says; nested values are not compared.
    static func agrees(_ value: Value, _ json: Any?, _ type: DataType) -> Bool {
        func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
        switch value {
        case .null: return json == nil || json is NSNull
        case .boolean(let flag): return (json as? NSNumber)?.boolValue == flag
        case .integer(let integer): return (json as? NSNumber)?.int64Value == integer
        case .real(let real):
            guard let number = json as? NSNumber else { return false }
            return type == .float ? Float(real) == Float(number.doubleValue) : real == number.doubleValue
        case .decimal(let unscaled):
            guard case .decimal(_, let scale) = type, let number = json as? NSNumber else { return false }
            let double = DecimalMath.double(of: unscaled, scale: scale)
            return abs(double - number.doubleValue) <= abs(double) * 1e-12
        case .string(let text): return (json as? String) == text
        case .binary(let binary): return (json as? [NSNumber])?.map(\.uint8Value) == binary
        case .date(let days):
            return bytes(json as? String ?? "").withUnsafeBufferPointer { DateText.parse($0) } == days
        case .timestamp(let nanoseconds):
            return bytes(json as? String ?? "").withUnsafeBufferPointer { TimestampText.parse($0) } == nanoseconds
        default: return true
        }
    }

    @Test(.enabled(if: folder != nil)) func filesHaveTheRowsTheyAreSaidToHave() throws {
        var compared = 0
        for entry in try SuiteFilesTests.entries() {
            let name = entry.file.split(separator: "/").last?.replacingOccurrences(of: ".orc", with: "") ?? ""
            guard entry.file.hasPrefix("orc/"),
                let expected = try? SuiteFilesTests.expected(name)
            else { continue }
            let file = try SuiteFilesTests.file(entry)
            let columns = SuiteFilesTests.columns(of: try FileTail(of: file))
            let rows = try FileTable(columns, format: ORCFormat()).rows(file)
            #expect(rows.count == expected.count, "\(entry.file)")
            var wrong = 0
            for (row, wanted) in zip(rows, expected) {
                for (value, column) in zip(row, columns)
                where columns.count > 1 && !SuiteFilesTests.agrees(value, wanted[column.name], column.type) {
                    wrong += 1
                    let other = wanted[column.name] ?? "nothing"
                    if wrong < 3 { print("\(entry.file) \(column.name): \(value), \(other)") }
                }
            }
            #expect(wrong == 0, "\(entry.file)")
            compared += 1
        }
        print("\(compared) files compared")
    }

    @Test(.enabled(if: folder != nil)) func unionsAreDecoded() throws {
        let name = "TestOrcFile.testUnionAndTimestamp"
        let expected = try SuiteFilesTests.expected(name)
        let file = try SuiteFilesTests.file(Entry(file: "orc/\(name).orc"))
        let columns = try #require(try ORCFormat().columns(of: file))
        let place = try #require(columns.firstIndex { $0.name == "union" })
        guard case .union(let types) = columns[place].type else {
            Issue.record("union is \(columns[place].type)")
            return
        }
        var row = 0
        for values in try FileTable(columns, format: ORCFormat()).rows(file, projection: [place]) {
            let wanted = expected[row]["union"] as? [String: Any]
            row += 1
            guard case .union(let tag, let value) = values[0] else {
                #expect(wanted == nil)
                continue
            }
            #expect((wanted?["tag"] as? NSNumber)?.intValue == Int(tag))
            #expect(SuiteFilesTests.agrees(value, wanted?["value"], types[Int(tag)]), "\(row)")
        }
        #expect(row == expected.count)
    }

    static let refused = ["acid", "encrypted", "streaming", "delta_", "orcFileWithoutRowGroupInfo", "corrupt"]

    @Test(.enabled(if: folder != nil)) func everyFileIsReadOrRefusedForAReason() throws {
        var read = 0
        var refused = 0
        for entry in try SuiteFilesTests.entries() {
            do {
                let file = try SuiteFilesTests.file(entry)
                let tail = try FileTail(of: file)
                let table = FileTable(SuiteFilesTests.columns(of: tail), format: ORCFormat())
                let reader = try table.reader(file)
                var rows = 0
                while let batch = try reader.next() {
                    rows += batch.count
                    for column in batch.columns where batch.count > 0 { _ = column.value(at: batch.count - 1) }
                }
                _ = try ORCFormat().inspect(file)
                #expect(entry.rows == nil || rows == entry.rows, "\(entry.file)")
                read += 1
            } catch let error as HoneyError {
                print("refused \(entry.file): \(error)")
                refused += 1
                let mayBe = SuiteFilesTests.refused.contains { entry.file.contains($0) }
                #expect(mayBe && ["FILE_DAMAGED", "UNSUPPORTED_FILE"].contains(error.code), "\(entry.file): \(error)")
            }
        }
        print("\(read) ORC files read, \(refused) refused")
    }
}
