import HoneyPlan
import HoneyTestKit
import Honeyguide
import Testing

/// The same statements give the same rows when the warehouse is on the home's HDFS.
@Test(arguments: [
    "aggregate/groups", "insert/writes", "tables/buckets", "tables/concatenate", "tables/definitions",
    "tables/evolution",
    "tables/repair",
])
func logicTestOnHDFS(_ name: String) throws {
    let home = TemporaryHome()
    let differences = try LogicTestFiles.run(
        "\(testsFolder)/SQL/\(name).slt", in: try home.makeSession(onHDFS: true))
    for difference in differences { Issue.record("\(name) on HDFS: \(difference)") }
}

@Test func theSummaryTellsThatSplitsOfTheHomeAreLocal() throws {
    let home = TemporaryHome()
    let session = try home.makeSession(onHDFS: true)
    _ = try session.execute("create table t (a int)")
    for number in 0..<3 { _ = try session.execute("insert into t values (\(number))") }
    #expect(try session.execute("select sum(a) from t").rows().count == 1)
    let scans = try #require(session.lastSummary).rows.filter { $0.locality.total > 0 }
    #expect(scans.map(\.locality) == [LocalityCounts(local: 3)])
}
