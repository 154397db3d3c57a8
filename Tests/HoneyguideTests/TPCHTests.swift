import Foundation
import HoneyCore
import HoneyTestKit
import Honeyguide
import Testing

/// TPC-H at scale 0.01 against DuckDB's answers. The files were made by tpchgen-cli 4.0 and compressed.
@Suite struct TPCHTests {
    static let fixtures = testsFolder + "/Fixtures/tpch"

    static let tables = [
        "customer":
            "c_custkey bigint, c_name string, c_address string, c_nationkey bigint, c_phone string, c_acctbal decimal(15,2), c_mktsegment string, c_comment string",
        "lineitem":
            "l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber bigint, l_quantity decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2), l_returnflag string, l_linestatus string, l_shipdate date, l_commitdate date, l_receiptdate date, l_shipinstruct string, l_shipmode string, l_comment string",
        "nation": "n_nationkey bigint, n_name string, n_regionkey bigint, n_comment string",
        "orders":
            "o_orderkey bigint, o_custkey bigint, o_orderstatus string, o_totalprice decimal(15,2), o_orderdate date, o_orderpriority string, o_clerk string, o_shippriority bigint, o_comment string",
        "part":
            "p_partkey bigint, p_name string, p_mfgr string, p_brand string, p_type string, p_size bigint, p_container string, p_retailprice decimal(15,2), p_comment string",
        "partsupp":
            "ps_partkey bigint, ps_suppkey bigint, ps_availqty bigint, ps_supplycost decimal(15,2), ps_comment string",
        "region": "r_regionkey bigint, r_name string, r_comment string",
        "supplier":
            "s_suppkey bigint, s_name string, s_address string, s_nationkey bigint, s_phone string, s_acctbal decimal(15,2), s_comment string",
    ]

    /// Makes the eight tables in a format, from the compressed `.tbl` files.
    static func makeTables(format: String, in session: Session) throws {
        for (name, columns) in tables.sorted(by: { $0.key < $1.key }) {
            _ = try session.execute(
                """
                create external table \(name)_tbl (\(columns))
                row format delimited fields terminated by '|' location '\(fixtures)/sf001/\(name)'
                """)
            _ = try session.execute("create table \(name) stored as \(format) as select * from \(name)_tbl")
        }
    }

    @Test(arguments: ["textfile", "sequencefile", "rcfile", "orc", "parquet", "avro"])
    func answersEqualDuckDBs(format: String) throws {
        let home = TemporaryHome()
        let session = try home.makeSession()
        try TPCHTests.makeTables(format: format, in: session)
        for number in 1...22 {
            let name = number < 10 ? "q0\(number)" : "q\(number)"
            let sql = try String(contentsOfFile: "\(TPCHTests.fixtures)/queries/\(name).sql", encoding: .utf8)
            do {
                let actual = try TPCHTests.lines(of: try session.execute(sql))
                let answer = try String(
                    contentsOfFile: "\(TPCHTests.fixtures)/answers/sf001/\(name).tsv", encoding: .utf8)
                let expected = answer.split(separator: "\n").dropFirst().map(String.init)
                let difference = AnswerComparison.difference(expected: expected, actual: actual)
                #expect(difference == nil, "\(name) on \(format): \(difference ?? "")")
            } catch {
                Issue.record("\(name) on \(format): \(error)")
            }
        }
    }

    static func lines(of result: ResultSet) throws -> [String] {
        var printer = ResultText()
        var lines: [String] = []
        while let batch = try result.next() {
            let text = printer.withLines(of: batch) { String(decoding: $0, as: UTF8.self) }
            lines += text.split(separator: "\n").map(String.init)
        }
        return lines
    }

    /// Goldens of the plans, for a table layout without statistics of its own: `Tests/Plans/tpch/q01.plan` …
    @Test func plansAreAsTheyWere() throws {
        let home = TemporaryHome()
        let session = try home.makeSession()
        try TPCHTests.makeTables(format: "textfile", in: session)
        for number in 1...22 {
            let name = number < 10 ? "q0\(number)" : "q\(number)"
            let sql = try String(contentsOfFile: "\(TPCHTests.fixtures)/queries/\(name).sql", encoding: .utf8)
            let plan = try TPCHTests.lines(of: try session.execute("explain " + sql)).joined(separator: "\n") + "\n"
            let difference = try LogicTestFiles.compare(
                plan.replacingOccurrences(of: home.path, with: "HOME"),
                withGolden: testsFolder + "/Plans/tpch/\(name).plan")
            #expect(difference == nil, "\(difference ?? "")")
        }
    }
}
