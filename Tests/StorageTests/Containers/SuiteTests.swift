import FormatContracts
import Foundation
import HoneyCatalog
import HoneyCore
import HoneyFiles
import HoneyStorage
import Testing

/// Files of other projects' test suites, in the folder that `HONEYGUIDE_SUITES` names; skipped without it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["HONEYGUIDE_SUITES"] != nil))
struct SuiteTests {
    static let folder = URL(fileURLWithPath: ProcessInfo.processInfo.environment["HONEYGUIDE_SUITES"] ?? "/")

    /// Files made to be wrong, and those whose rows are known otherwise than by the manifest.
    static let broken: Set<String> = ["hive/kv1_broken.seq", "hive/archive_corrupt.rc", "impala/bad_seq_snap/bad_file"]
    static let knownRows = ["hive/kv1.seq": 500, "hive/part.rc": 26, "hive/part.seq": 26]

    /// The files of the manifest whose format starts so, and their rows where it tells.
    static func files(_ format: String) throws -> [(name: String, rows: Int?)] {
        let manifest = try JSONSerialization.jsonObject(
            with: Data(contentsOf: folder.appendingPathComponent("manifest.json")))
        let entries = manifest as? [[String: Any]] ?? []
        return entries.compactMap { entry in
            guard let name = entry["file"] as? String, (entry["format"] as? String)?.hasPrefix(format) == true else {
                return nil
            }
            return (name, entry["rows"] as? Int ?? knownRows[name])
        }
    }

    /// Reads every file's rows by `table`, and checks their count against the manifest and the file's own description.
    static func check(_ format: String, _ table: FileTable, described: String) throws {
        let files = try files(format)
        var opened = 0
        for (name, rows) in files {
            let bytes = try Array(Data(contentsOf: folder.appendingPathComponent(name)))
            let file = try FileTable.file(bytes)
            do {
                #expect(bytes.withUnsafeBytes { table.format.recognizes($0) }, "\(name)")
                let found = try table.rows(file).count
                if let rows { #expect(found == rows, "\(name)") }
                if case .record(let parts) = try table.format.inspect(file) {
                    #expect(parts.contains { $0.name == described && $0.value == .integer(found) }, "\(name): \(found)")
                }
                print("\(name): \(found) rows")
                opened += 1
            } catch let error as HoneyError {
                print("\(name): \(error)")
                #expect(broken.contains(name) && error.file != nil, "\(name): \(error)")
                guard format == "RCFile" else { continue }
                var tolerant = table
                tolerant.settings["hive.io.rcfile.tolerate.corruptions"] = "true"
                #expect(throws: Never.self, "\(name)") { print("tolerated:", try tolerant.rows(file).count, "rows") }
            }
        }
        print("\(opened) of \(files.count) files of \(format) read")
        #expect(!files.isEmpty)
    }

    static let columns = (0..<12).map { TableColumn("c\($0)", .string) }

    @Test func rcfilesAreRead() throws {
        let table = FileTable.rcfile(SuiteTests.columns, serde: FileTable.columnarSerDe)
        try SuiteTests.check("RCFile", table, described: "rows")
    }

    @Test func sequenceFilesAreRead() throws {
        try SuiteTests.check("SequenceFile", FileTable.sequenceFile(SuiteTests.columns), described: "records")
    }

    /// A stream that was cut, and a bare Snappy block without Hadoop's framing.
    static let brokenTexts: Set<String> = [
        "impala/bad_text_gzip/file_not_finished.gz", "impala/compressed_formats/compressed_payload.snap",
    ]

    /// Suffixes by what the manifest calls the compression.
    static let suffixes = [
        "text bzip2": ".bz2", "text gzip": ".gz", "text deflate (zlib)": ".deflate", "text Hadoop-snappy": ".snappy",
        "text Hadoop-lz4": ".lz4",
    ]

    @Test(arguments: suffixes.keys.sorted()) func compressedTextsAreRead(_ format: String) throws {
        let table = TextTable([TableColumn("line", .string)], ["field.delim": "\n"])
        var opened = 0
        let files = try SuiteTests.files(format)
        for (name, rows) in files {
            let bytes = try Array(Data(contentsOf: SuiteTests.folder.appendingPathComponent(name)))
            let file = try TextTable.file(bytes, name: "a" + SuiteTests.suffixes[format]!)
            do {
                let found = try table.rows(file).count
                // The manifest counts LFs: a last line may have none, binary records have some within, no text has no line.
                if let rows, !name.contains("teradata"), found > 0 {
                    #expect(found == rows || found == rows + 1, "\(name): \(found) instead of \(rows)")
                }
                for cut in [1, file.size / 3, file.size - 1] where TextTable.format.isSplittable(file.location) {
                    let parts = try [ByteRange(start: 0, end: cut), ByteRange(start: cut, end: file.size)].map {
                        try table.rows(file, split: $0).count
                    }
                    #expect(parts[0] + parts[1] == found, "\(name) cut at \(cut)")
                }
                opened += 1
            } catch let error as HoneyError {
                print("\(name): \(error)")
                #expect(SuiteTests.brokenTexts.contains(name), "\(name): \(error)")
            }
        }
        print("\(opened) of \(files.count) files of \(format) read")
    }
}
