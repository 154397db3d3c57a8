import Foundation
import HoneyCommands
import HoneyCore
import HoneyFiles
import HoneyPlan
import HoneyTestKit
import Testing

@testable import Honeyguide

/// Tables and directories become others of another format, with the same rows.
struct ConversionTests {
    private let home = TemporaryHome()

    /// A table of text with partitions, of several files each.
    private func makeSource(_ session: Session) throws {
        for statement in [
            "create table t (a int, b string, c decimal(10,2), d timestamp, e array<int>) partitioned by (day string, n int)",
            "insert into t partition (day='2013-01-01', n=1) select 1, 'x', 1.5, timestamp '2013-01-01 10:00:00.123', array(1, null)",
            "insert into t partition (day='2013-01-01', n=1) select 2, null, -1.25, null, array()",
            "insert into t partition (day='a/b', n=2) select 3, 'text of some length', 0, timestamp '1999-12-31 23:59:59', null",
            "insert into t partition (day='a/b', n=2) select 3, 'text of some length', 0, timestamp '1999-12-31 23:59:59', null",
        ] { _ = try session.execute(statement) }
    }

    private func rows(_ session: Session, _ table: String) throws -> [String] {
        try TPCHTests.lines(of: session.execute("select * from \(table)")).sorted()
    }

    /// The converted files in a folder, by their paths.
    private func copies(in folder: FileLocation) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path)
            .filter { $0.split(separator: "/").count == 3 && !$0.contains("_converting") }.sorted()
    }

    private func convert(
        _ session: Session, to format: String, into target: Conversion.Place? = nil, codec: String? = nil
    ) throws -> ConversionReport {
        var conversion = Conversion(of: .table(TableName("t")), to: format, into: target)
        conversion.codec = codec
        conversion.verifies = true
        return try session.convert(conversion)
    }

    @Test(
        arguments: [
            ("text", nil), ("text", "gzip"), ("sequencefile", "deflate"), ("rcfile", nil), ("avro", "snappy"),
            ("avro", "zstd"), ("orc", "deflate"), ("parquet", "snappy"),
        ] as [(String, String?)])
    func tablesKeepTheirRowsAndPartitions(_ format: String, _ codec: String?) throws {
        let session = try home.makeSession()
        try makeSource(session)
        let before = try rows(session, "t")
        let report = try convert(session, to: format, into: .table(TableName("u")), codec: codec)
        #expect(report.rows == 4)
        #expect(report.files == 4)
        #expect(report.sourceChecksum != nil && report.sourceChecksum == report.targetChecksum)
        #expect(try rows(session, "u") == before)
        #expect(try rows(session, "t") == before)
        #expect(
            try TPCHTests.lines(of: session.execute("show partitions u")) == ["day=2013-01-01/n=1", "day=a%2Fb/n=2"])
    }

    @Test func aStoppedConversionGoesOnWhereItWas() throws {
        let session = try home.makeSession()
        try makeSource(session)
        let folder = FileLocation(path: home.path + "/out")
        #expect(try convert(session, to: "avro", into: .directory(folder)).filesFinishedBefore == 0)
        // As if it had been stopped while it noted the third of four files, and wrote the fourth.
        let journal = folder.path + "/_conversion.journal"
        let lines = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 5)
        let cut = lines[..<3].joined(separator: "\n") + "\n\n" + lines[3].prefix(40)
        try cut.write(toFile: journal, atomically: true, encoding: .utf8)
        let files = try copies(in: folder)
        #expect(files.count == 4)
        try Data("unfinished".utf8).write(to: URL(fileURLWithPath: folder.path + "/day=a%2Fb/n=2/_converting-left"))
        let report = try convert(session, to: "avro", into: .directory(folder))
        #expect(report.filesFinishedBefore == 2)
        #expect(report.rows == 4)
        #expect(report.sourceChecksum == report.targetChecksum)
        #expect(try copies(in: folder) == files)
        #expect(try convert(session, to: "avro", into: .directory(folder)).filesFinishedBefore == 4)
    }

    @Test func aSourceThatGrewIsConvertedAsFarAsItIsNew() throws {
        let session = try home.makeSession()
        try makeSource(session)
        _ = try convert(session, to: "avro")
        _ = try session.execute("insert into t partition (day='2013-01-01', n=7) select 9, 'y', 1, null, null")
        let report = try convert(session, to: "avro")
        #expect(report.filesFinishedBefore == 4 && report.files == 5)
        #expect(try rows(session, "t_avro") == rows(session, "t"))
    }

    @Test func valuesThatTheFormatDoesNotHoldAreFound() throws {
        let session = try home.makeSession()
        _ = try session.execute("create table t (a int, at timestamp, b string)")
        _ = try session.execute(
            "insert into t values (1, '2013-01-01 10:00:00.123456789', 'x'), (2, '2013-01-01 10:00:00', 'y')")
        let error = #expect(throws: HoneyError.self) { try convert(session, to: "avro") }
        #expect(error?.code == "VERIFICATION_FAILED")
        #expect(error?.message.contains("column at ") == true)
        // Nothing of it is to be seen, and another conversion may take its place.
        #expect(throws: HoneyError.self) { try session.execute("select * from t_avro") }
        #expect(try convert(session, to: "rcfile", into: .table(TableName("t_avro"))).rows == 2)
    }

    @Test func directoriesOfTextNeedColumns() throws {
        let session = try home.makeSession()
        let folder = home.path + "/csv"
        try FileManager.default.createDirectory(atPath: folder + "/sub", withIntermediateDirectories: true)
        try Data("1,one\n2,two\n".utf8).write(to: URL(fileURLWithPath: folder + "/x.csv"))
        try Data("3,\\N\n".utf8).write(to: URL(fileURLWithPath: folder + "/sub/x.csv"))
        var conversion = Conversion(of: .directory(FileLocation(path: folder)), to: "avro")
        let error = #expect(throws: HoneyError.self) { try session.convert(conversion) }
        #expect(error?.code == "COLUMNS_UNKNOWN")
        conversion.columns = try Conversion.columns(in: "a int, b varchar(10)")
        conversion.delimiter = ","
        conversion.verifies = true
        #expect(try session.convert(conversion).rows == 3)
        // Avro's files tell their columns.
        var back = Conversion(
            of: .directory(FileLocation(path: folder + "_avro")), to: "text", into: .table(TableName("back")))
        back.verifies = true
        #expect(try session.convert(back).rows == 3)
        _ = try session.execute("set mapred.input.dir.recursive=true")
        #expect(try rows(session, "back") == ["1\tone", "2\ttwo", "3\tNULL"])
    }

    @Test(arguments: ["avro", "orc", "parquet"]) func directoriesOfFilesThatTellTheirColumnsNeedNone(_ format: String)
        throws
    {
        let session = try home.makeSession()
        _ = try session.execute("create table t (a int, b string, c array<struct<x:int,y:string>>) stored as \(format)")
        _ = try session.execute("insert into t select 1, 'x', array(named_struct('x', 1, 'y', 'z'))")
        let folder = FileLocation(path: home.path + "/warehouse/t")
        var conversion = Conversion(of: .directory(folder), to: "sequencefile", into: .table(TableName("u")))
        conversion.verifies = true
        #expect(try session.convert(conversion).rows == 1)
        #expect(try rows(session, "u") == rows(session, "t"))
    }

    @Test func targetsInUseAreLeftAlone() throws {
        let session = try home.makeSession()
        try makeSource(session)
        _ = try session.execute("create table u (a int)")
        #expect(throws: HoneyError.self) { try convert(session, to: "avro", into: .table(TableName("u"))) }
        _ = try convert(session, to: "avro")
        let other = #expect(throws: HoneyError.self) {
            try convert(session, to: "text", into: .table(TableName("t_avro")))
        }
        #expect(other?.code == "TARGET_IN_USE")
        let root = FileLocation(path: home.path + "/warehouse/t/inner")
        let inside = #expect(throws: HoneyError.self) { try convert(session, to: "avro", into: .directory(root)) }
        #expect(inside?.code == "TARGET_IN_SOURCE")
        let unknown = #expect(throws: HoneyError.self) { try convert(session, to: "nonsense") }
        #expect(unknown?.code == "UNKNOWN_FORMAT")
    }

    @Test func structuresAreTextAndJSON() throws {
        let session = try home.makeSession()
        try makeSource(session)
        let folder = FileLocation(path: home.path + "/out")
        _ = try convert(session, to: "avro", into: .directory(folder), codec: "deflate")
        let name = try #require(
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).first { $0.hasSuffix("_0") })
        let description = try session.engine.inspect(folder.appending(name))
        #expect(description.text.hasPrefix("format: AVRO\n"))
        #expect(description.text.contains("codec: deflate\n"))
        let json = try JSONSerialization.jsonObject(with: Data(description.json.utf8)) as? [String: Any]
        #expect(json?["rows"] as? Int == 1)
        #expect((json?["blocks"] as? [[String: Any]])?.count == 1)
    }

    @Test func twoConversionsOfOneTargetDoNotMeet() throws {
        let session = try home.makeSession()
        try makeSource(session)
        let files = LocalFileSystem()
        let target = try #require(FileLocation("file:" + home.path + "/copy"))
        let lock = try ConversionLock(in: target, files)
        #expect(throws: HoneyError.self) { try ConversionLock(in: target, files) }
        let error = #expect(throws: HoneyError.self) { try convert(session, to: "orc", into: .directory(target)) }
        #expect(error?.code == "TARGET_IN_USE")
        lock.release()
        #expect(try convert(session, to: "orc", into: .directory(target)).rows == 4)
        #expect(try files.list(target).allSatisfy { $0.location.name != ConversionLock.name })
        // A file in memory does what the system's lock does on disks.
        let memory = MemoryFileSystem()
        let other = FileLocation(scheme: "memory", path: "/copy")
        let first = try ConversionLock(in: other, memory)
        #expect(throws: HoneyError.self) { try ConversionLock(in: other, memory) }
        first.release()
        try ConversionLock(in: other, memory).release()
    }

    @Test func theTargetsSerDeMayBeChosen() throws {
        let session = try home.makeSession()
        try makeSource(session)
        var conversion = Conversion(of: .table(TableName("t")), to: "rcfile", into: .table(TableName("u")))
        conversion.targetSerDe = "org.apache.hadoop.hive.serde2.columnar.ColumnarSerDe"
        conversion.verifies = true
        #expect(try session.convert(conversion).rows == 4)
        let text = try TPCHTests.lines(of: session.execute("show create table u")).joined(separator: "\n")
        #expect(text.contains("columnar.ColumnarSerDe'"), "\(text)")
        #expect(try rows(session, "u") == rows(session, "t"))
        conversion.targetSerDe = "org.example.NoSerDe"
        conversion.target = .table(TableName("v"))
        let error = #expect(throws: HoneyError.self) { try session.convert(conversion) }
        #expect(error?.kind == .semantic)
    }
}
