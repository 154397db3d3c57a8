import Foundation
import HoneyCatalog
import HoneyFunctions
import HoneyPlan
import Testing

@testable import HoneySQLLanguage

extension BindingWorld {
    /// The eight tables of TPC-H.
    static let tpch = BindingWorld(
        tables: [
            """
            tpch.part (p_partkey bigint, p_name string, p_mfgr string, p_brand string, p_type string, p_size int, \
            p_container string, p_retailprice decimal(15,2), p_comment string)
            """,
            """
            tpch.supplier (s_suppkey bigint, s_name string, s_address string, s_nationkey bigint, s_phone string, \
            s_acctbal decimal(15,2), s_comment string)
            """,
            """
            tpch.partsupp (ps_partkey bigint, ps_suppkey bigint, ps_availqty int, ps_supplycost decimal(15,2), \
            ps_comment string)
            """,
            """
            tpch.customer (c_custkey bigint, c_name string, c_address string, c_nationkey bigint, c_phone string, \
            c_acctbal decimal(15,2), c_mktsegment string, c_comment string)
            """,
            """
            tpch.orders (o_orderkey bigint, o_custkey bigint, o_orderstatus string, o_totalprice decimal(15,2), \
            o_orderdate date, o_orderpriority string, o_clerk string, o_shippriority int, o_comment string)
            """,
            """
            tpch.lineitem (l_orderkey bigint, l_partkey bigint, l_suppkey bigint, l_linenumber int, \
            l_quantity decimal(15,2), l_extendedprice decimal(15,2), l_discount decimal(15,2), l_tax decimal(15,2), \
            l_returnflag string, l_linestatus string, l_shipdate date, l_commitdate date, l_receiptdate date, \
            l_shipinstruct string, l_shipmode string, l_comment string)
            """,
            "tpch.nation (n_nationkey bigint, n_name string, n_regionkey bigint, n_comment string)",
            "tpch.region (r_regionkey bigint, r_name string, r_comment string)",
        ].map { Table($0) }, database: "tpch")
}

struct BenchmarkBindingTests {
    static func text(_ name: String) throws -> String {
        try String(contentsOf: BenchmarkQueryTests.directory.appending(path: name + ".sql"), encoding: .utf8)
    }

    @Test func queriesOfTPCHBindToTheirPlans() throws {
        try PlanGoldenTests.check("tpch") { name in
            do { return try BindingWorld.tpch.text(try Self.text(name)) } catch { return "error: \(error)" }
        }
    }

    @Test(arguments: 1...22)
    func queriesOfTPCHBindWithHivesFunctions(number: Int) throws {
        var world = BindingWorld.tpch
        world.functions = HiveFunctions.catalog
        let plan = try world.bind(try Self.text("q\(number < 10 ? "0" : "")\(number)"))
        #expect(!plan.output.isEmpty)
    }
}
