import Foundation
import Testing

/// `honeyguide convert` and `honeyguide inspect`.
@Suite struct ConvertTests {
    let honeyguide = Honeyguide()

    @Test func tablesAreConvertedAndFilesInspected() throws {
        let prepared = try honeyguide.run(
            "-e", "create table t (a int, b string); insert into t values (1, 'x'), (2, null)")
        #expect(prepared.status == 0, "\(prepared.errors)")
        let converted = try honeyguide.run("convert", "--from", "t", "--to", "avro", "--codec", "snappy", "--verify")
        #expect(converted.status == 0, "\(converted.errors)")
        #expect(converted.output.hasPrefix("converted 2 rows in 1 files into table t_avro\n"), "\(converted.output)")
        #expect(converted.output.hasSuffix("rows are the same\n"))
        #expect(try honeyguide.run("-S", "-e", "select * from t_avro").output == "1\tx\n2\tNULL\n")
        let folder = "hdfs://home/user/hive/warehouse/t_avro"
        let file = try #require(try names(in: folder).first { !$0.hasPrefix("_") })
        let text = try honeyguide.run("inspect", "\(folder)/\(file)")
        #expect(text.output.hasPrefix("format: AVRO\n"), "\(text.errors)")
        #expect(text.output.contains("\ncodec: snappy\nrows: 2\n"))
        let json = try honeyguide.run("inspect", "--json", "\(folder)/\(file)")
        #expect(json.output.hasPrefix("{\"format\":\"AVRO\","))
    }

    private func names(in folder: String) throws -> [String] {
        try honeyguide.run("-S", "-e", "dfs -ls -C \(folder)").output.split(separator: "\n").map { line in
            String(line.split(separator: "/").last ?? "")
        }
    }

    @Test func failuresAreToldAndHaveTheirStatus() throws {
        let missing = try honeyguide.run("inspect", "/nowhere/at/all")
        #expect(missing.status == 1)
        #expect(missing.errors.contains("no such file"))
        let unknown = try honeyguide.run("convert", "--from", "nowhere", "--to", "avro")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("no such table: default.nowhere"))
        #expect(try honeyguide.run("convert", "--from", "t").status == 64)
        let help = try honeyguide.run("help", "convert")
        #expect(help.status == 0)
        #expect(help.output.contains("--verify"))
    }

    @Test func rowsThatChangeAreAFailure() throws {
        let prepared = try honeyguide.run(
            "-e", "create table t (a int, at timestamp); insert into t values (1, '2013-01-01 10:00:00.123456')")
        #expect(prepared.status == 0, "\(prepared.errors)")
        let outcome = try honeyguide.run("convert", "--from", "t", "--to", "avro", "--verify")
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains("values of column at are not the same"), "\(outcome.errors)")
    }

    @Test func aKilledConversionGoesOn() throws {
        let rows = (0..<30).map { "(\($0), 'some text')" }.joined(separator: ", ")
        let inserts = (0..<30).map { _ in "insert into t values \(rows)" }.joined(separator: "; ")
        let prepared = try honeyguide.run("-e", "create table t (a int, b string); \(inserts)")
        #expect(prepared.status == 0, "\(prepared.errors)")
        let arguments = ["convert", "--from", "t", "--to", "avro", "--codec", "bzip2", "--verify"]
        let seed = UInt64.random(in: 0..<UInt64.max)
        print("seed \(seed)")
        var state = seed
        for _ in 0..<4 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let run = try honeyguide.start(arguments)
            usleep(UInt32(state >> 33) % 150_000 + 20_000)
            kill(run.process.processIdentifier, SIGKILL)
            run.process.waitUntilExit()
        }
        let (process, output, errors) = try honeyguide.start(arguments)
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaints = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(complaints)")
        #expect(text.hasPrefix("converted 900 rows in 30 files"), "\(text)")
        #expect(text.hasSuffix("rows are the same\n"))
        #expect(try honeyguide.run("-S", "-e", "select count(*), sum(a) from t_avro").output == "900\t13050\n")
        // The journal, and nothing unfinished.
        let hidden = try names(in: "hdfs://home/user/hive/warehouse/t_avro").filter { $0.hasPrefix("_") }
        #expect(hidden == ["_conversion.journal"])
    }
}
