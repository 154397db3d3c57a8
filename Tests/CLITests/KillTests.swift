import Foundation
import Testing

/// `kill -9` in the middle of writes: the old rows are all there and none of the new.
@Suite struct KillTests {
    let honeyguide = Honeyguide()

    @Test(arguments: ["insert into t", "insert overwrite table t"])
    func aKilledInsertLeavesTheTableAsItWas(insert: String) throws {
        let prepared = try honeyguide.run(
            "-e", "create table t (a bigint, b string); insert into t values (1, 'old'), (2, 'old')")
        #expect(prepared.status == 0, "\(prepared.errors)")
        let digits = "(select 0 as d" + (1...9).map { " union all select \($0)" }.joined() + ")"
        let many = (0..<7).map { "\(digits) t\($0)" }.joined(separator: " cross join ")
        let seed = UInt64.random(in: 0..<UInt64.max)
        print("seed \(seed)")
        var state = seed
        for _ in 0..<8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let writer = try honeyguide.start(["-e", "\(insert) select t0.d + 10, concat('new ', t1.d) from \(many)"])
            usleep(UInt32(state >> 33) % 700_000 + 20_000)
            kill(writer.process.processIdentifier, SIGKILL)
            writer.process.waitUntilExit()
            #expect(writer.process.terminationReason == .uncaughtSignal, "the insert ended before it was killed")
            let rows = try honeyguide.run("-S", "-e", "select count(*), sum(a), max(b) from t")
            #expect(rows.output == "2\t3\told\n", "\(rows.errors)")
        }
    }
}
