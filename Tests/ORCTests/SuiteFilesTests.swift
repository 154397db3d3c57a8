import FormatContracts
import Foundation
import HoneyCatalog
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
