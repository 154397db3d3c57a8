import Foundation
import Testing

/// Processes over one home, whose HDFS one of them serves.
@Suite struct EmbeddedHDFSTests {
    let honeyguide = Honeyguide()

    private var hdfs: String { honeyguide.home.path + "/hdfs" }

    private func prepare(_ script: String) throws {
        let prepared = try honeyguide.run("-e", script)
        #expect(prepared.status == 0, "\(prepared.errors)")
    }

    /// Rows made of nothing: 10 to the power of `digits`.
    private func many(_ digits: Int) -> String {
        let ten = "(select 0 as d" + (1...9).map { " union all select \($0)" }.joined() + ")"
        return (0..<digits).map { "\(ten) t\($0)" }.joined(separator: " cross join ")
    }

    @Test func theWarehouseOfANewHomeIsOnItsHDFS() throws {
        try prepare("create table t (a int); insert into t values (1), (2)")
        let listed = try honeyguide.run(
            "-S", "-e", "dfs -ls -C /user/hive/warehouse; select sum(a) from t; describe formatted t; summary")
        #expect(listed.output.hasPrefix("/user/hive/warehouse/t\n3\n") || listed.output.contains("warehouse/t\n3\n"))
        #expect(listed.output.contains("hdfs://home/user/hive/warehouse/t"), "\(listed.errors)")
        #expect(!FileManager.default.fileExists(atPath: honeyguide.home.path + "/warehouse"))
        #expect(FileManager.default.fileExists(atPath: hdfs + "/name/current/VERSION"))
    }

    @Test func nothingIsStartedForAQueryWithoutFiles() throws {
        #expect(try honeyguide.run("-S", "-e", "select 1; show tables").output == "1\n")
        #expect(!FileManager.default.fileExists(atPath: hdfs))
    }

    @Test func aHomeOfPlainFilesStaysOne() throws {
        let made = try honeyguide.run(
            "--hiveconf", "fs.defaultFS=file:///", "-e", "create table t (a int); insert into t values (1)")
        #expect(made.status == 0, "\(made.errors)")
        try prepare(
            "create table u as select a + 1 as a from t; create database d; create table d.v as select * from u")
        #expect(try honeyguide.run("-S", "-e", "select * from d.v").output == "2\n")
        #expect(FileManager.default.fileExists(atPath: honeyguide.home.path + "/warehouse/d.db/v"))
        #expect(!FileManager.default.fileExists(atPath: hdfs))
    }

    @Test func aMovedHomeKeepsItsTables() throws {
        try prepare("create table t (a int); insert into t values (1)")
        let moved = Honeyguide()
        try FileManager.default.moveItem(atPath: honeyguide.home.path, toPath: moved.home.path)
        #expect(try moved.run("-S", "-e", "insert into t values (2); select sum(a) from t").output == "3\n")
    }

    @Test func aWriterGoesOnWhenTheServingProcessIsKilled() throws {
        try prepare("create table t (a bigint, b string); create table one (a int); insert into one values (1)")
        // It serves, since nobody else is there, until it is killed.
        let serving = try honeyguide.startWaiting("-S", "-e", "select a from one; !cat > /dev/null")
        #expect(serving.line() == "1")
        let writer = try honeyguide.start([
            "-S", "-e", "insert into t select t0.d, concat('some text ', t1.d) from \(many(6)); select count(*) from t",
        ])
        while writer.process.isRunning, try !isBeingWritten() { usleep(2_000) }
        #expect(writer.process.isRunning, "the insert ended before it was seen")
        serving.kill()
        let rows = writer.output.fileHandleForReading.readDataToEndOfFile()
        let errors = writer.errors.fileHandleForReading.readDataToEndOfFile()
        writer.process.waitUntilExit()
        #expect(String(decoding: rows, as: UTF8.self) == "1000000\n", "\(String(decoding: errors, as: UTF8.self))")
        let sums = try honeyguide.run("-S", "-e", "select count(*), sum(a), count(distinct b), min(b) from t")
        #expect(sums.output == "1000000\t4500000\t10\tsome text 0\n", "\(sums.errors)")
    }

    /// Whether a DataNode is getting a block that is not finished.
    private func isBeingWritten() throws -> Bool {
        let files = FileManager.default
        return try (1...3).contains { node in
            let root = hdfs + "/data\(node)/current"
            let pools = (try? files.contentsOfDirectory(atPath: root).filter { $0.hasPrefix("BP-") }) ?? []
            return try pools.contains { pool in
                let folder = "\(root)/\(pool)/current/rbw"
                let names = files.fileExists(atPath: folder) ? try files.contentsOfDirectory(atPath: folder) : []
                return names.contains { name in
                    !name.hasSuffix(".meta")
                        && ((try? files.attributesOfItem(atPath: folder + "/" + name)[.size] as? Int) ?? 0) > 100_000
                }
            }
        }
    }

    @Test func aKilledWriterLeavesTheServingProcessAndItsTableAlone() throws {
        try prepare("create table t (a bigint, b string); insert into t values (1, 'old')")
        let serving = try honeyguide.startWaiting(
            "-S", "-e", "select a from t; !cat > /dev/null; select count(*) from t")
        #expect(serving.line() == "1")
        for _ in 0..<3 {
            let writer = try honeyguide.start(["-S", "-e", "insert into t select t0.d, 'new' from \(many(7))"])
            while writer.process.isRunning, try !isBeingWritten() { usleep(2_000) }
            kill(writer.process.processIdentifier, SIGKILL)
            writer.process.waitUntilExit()
            #expect(writer.process.terminationReason == .uncaughtSignal, "the insert ended before it was killed")
        }
        try prepare("insert into t values (2, 'after')")
        let outcome = try serving.finish()
        #expect(outcome.output == "2\n", "\(outcome.errors)")
    }

    @Test func whoeverIsKilledTheOthersInsertEverything() throws {
        try prepare("create table t (a int)")
        let seed = UInt64.random(in: 0..<UInt64.max)
        print("seed \(seed)")
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let inserts = 6
        // Three that are left alone, and as many that are killed some time.
        let processes = try (0..<6).map { number in
            let script = (0..<inserts).map { "insert into t values (\(number * 100 + $0))" }.joined(separator: "; ")
            return try honeyguide.start(["-S", "-e", script])
        }
        for process in processes[3...] {
            usleep(UInt32(random(400_000)))
            kill(process.process.processIdentifier, SIGKILL)
        }
        for (number, process) in processes.enumerated() {
            let errors = process.errors.fileHandleForReading.readDataToEndOfFile()
            process.process.waitUntilExit()
            if number < 3 {
                #expect(process.process.terminationStatus == 0, "\(String(decoding: errors, as: UTF8.self))")
            }
        }
        let rows = try honeyguide.run("-S", "-e", "select a from t order by a").output.split(separator: "\n").map {
            Int($0)!
        }
        #expect(Set(rows).count == rows.count)
        #expect(Set(rows).isSuperset(of: (0..<3).flatMap { number in (0..<inserts).map { number * 100 + $0 } }))
        // Of the others, those up to some statement.
        for number in 3..<6 {
            let theirs = rows.filter { $0 / 100 == number }
            #expect(theirs == (0..<theirs.count).map { number * 100 + $0 })
        }
    }
}
