import Foundation
import FormatContracts
import HoneyAvro
import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

/// Avro files of other projects, where `HONEYGUIDE_SUITES` names a folder that holds them and their `manifest.json`.
struct PublicSuiteTests {
    static let folder = ProcessInfo.processInfo.environment["HONEYGUIDE_SUITES"]

    @Test(.enabled(if: folder != nil)) func filesOfOtherProjectsHaveTheirRows() throws {
        let root = URL(fileURLWithPath: try #require(Self.folder))
        guard case .array(let entries) = try JSON(Data(contentsOf: root.appendingPathComponent("manifest.json"))) else {
            Issue.record("manifest.json is no list")
            return
        }
        var read = 0
        for entry in entries where entry["format"] == .string("Avro") {
            guard case .string(let name)? = entry["file"] else { continue }
            let bytes = try Array(Data(contentsOf: root.appendingPathComponent(name)))
            let expected: Int? = if case .number(let text)? = entry["rows"] { Int(text) } else { nil }
            do {
                let file = try FileTable.file(bytes)
                let columns = try #require(try AvroFormat().columns(of: file))
                let rows = try FileTable(columns, format: AvroFormat()).rows(file)
                #expect(expected == nil || rows.count == expected, "\(name): \(rows.count)")
                #expect(rows.count == (try count(bytes, columns)), "\(name)")
                read += 1
            } catch let error as HoneyError {
                // Some are damaged on purpose.
                #expect(name.contains("bad_avro") || expected == nil, "\(name): \(error)")
                print("refused: \(name): \(error)")
            }
        }
        print("read \(read) files")
    }

    private func count(_ bytes: [UInt8], _ columns: [TableColumn]) throws -> Int {
        try FileTable(columns, format: AvroFormat()).rows(FileTable.file(bytes), projection: []).count
    }
}
