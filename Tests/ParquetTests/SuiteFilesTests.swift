import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyParquet
import HoneyStorage
import Testing

/// Files of other projects' suites, in a folder that `HONEYGUIDE_SUITES` names; without it nothing is tried.
struct SuiteFilesTests {
    static let root = ProcessInfo.processInfo.environment["HONEYGUIDE_SUITES"]

    /// Row counts that the folder's `manifest.json` tells, by path.
    private static func manifestRows(_ root: URL) throws -> [String: Int] {
        guard let data = try? Data(contentsOf: root.appendingPathComponent("manifest.json")),
            let entries = try JSONSerialization.jsonObject(with: data) as? [[String: Any]]
        else { return [:] }
        var rows: [String: Int] = [:]
        for entry in entries {
            if let file = entry["file"] as? String, let count = entry["rows"] as? Int { rows[file] = count }
        }
        return rows
    }

    @Test(.enabled(if: root != nil)) func filesAreReadOrRefused() throws {
        let root = URL(fileURLWithPath: Self.root ?? "/")
        let expected = try Self.manifestRows(root)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path).filter { $0.hasSuffix(".parquet") }
        var read = 0
        var refused = 0
        for path in paths.sorted() {
            let bytes = try Array(Data(contentsOf: root.appendingPathComponent(path)))
            do {
                let file = try FileTable.file(bytes)
                let columns = try ParquetSchema.columns(of: file)
                let rows = try FileTable(columns, format: ParquetFormat()).rows(file)
                read += 1
                if let count = expected[path] { #expect(rows.count == count, "\(path)") }
            } catch let error as HoneyError {
                refused += 1
                #expect(error.kind == .data, "\(path): \(error)")
                print("refused \(path): \(error.code) \(error)")
            }
        }
        print("read \(read) and refused \(refused) of \(paths.count)")
    }
}
