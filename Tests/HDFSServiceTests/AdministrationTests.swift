import Foundation
import HoneyCore
import HoneyHDFS
import HoneyWorld
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import HoneyHDFSService

struct AdministrationTests {
    /// Runs a command against the shared cluster.
    private func run(
        _ command: (AdministrationContext) async throws -> Int32
    ) async throws -> (code: Int32, said: String, complaints: String) {
        try await ServiceWorld.administer(try await ServiceWorld.cluster(), command)
    }

    private func dfsAdmin(_ arguments: String...) async throws -> (code: Int32, said: String, complaints: String) {
        try await run { await DfsAdmin.run(arguments, $0) }
    }

    @Test func reportsTheCluster() async throws {
        let (code, said, _) = try await dfsAdmin("-report")
        #expect(code == 0)
        #expect(said.hasPrefix("Configured Capacity: "))
        #expect(said.contains("\nLive datanodes (3):\n\nName: 127.0.0.1:"))
        #expect(said.contains("\nHostname: 127.0.0.1\nDecommission Status : Normal\nConfigured Capacity: "))
        #expect(!said.contains("Dead datanodes"))
        #expect(try await dfsAdmin("-report", "-dead").said.contains("Dead datanodes (0):"))
        let topology = try await dfsAdmin("-printTopology").said
        #expect(topology.hasPrefix("Rack: /default-rack\n   127.0.0.1:"))
        #expect(topology.split(separator: "\n").count == 4)
    }

    @Test func setsQuotasOrSaysWhyNot() async throws {
        _ = try await ServiceWorld.webHDFS(.PUT, "/quota", "MKDIRS")
        #expect(try await dfsAdmin("-setQuota", "3", "/quota").code == 0)
        #expect(try await dfsAdmin("-setSpaceQuota", "1g", "/quota").code == 0)
        let usage = try await ServiceWorld.webHDFS(.GET, "/quota", "GETQUOTAUSAGE").json["QuotaUsage"]
        #expect(usage?["quota"] == 3 && usage?["spaceQuota"]?.int == 1 << 30)
        #expect(try await dfsAdmin("-clrQuota", "/quota").code == 0)
        #expect(try await ServiceWorld.webHDFS(.GET, "/quota", "GETQUOTAUSAGE").json["QuotaUsage"]?["quota"] == -1)
        let missing = try await dfsAdmin("-setQuota", "3", "/no/such")
        #expect(missing.code == 255 && missing.complaints.hasPrefix("setQuota: "))
        #expect(try await dfsAdmin("-setQuota", "x", "/quota").complaints == "\"x\" is not a valid value for a quota.")
    }

    @Test func saysHowItIsUsed() async throws {
        let unknown = try await dfsAdmin("-nonsense")
        #expect(unknown.code == 255 && unknown.complaints.hasPrefix("nonsense: Unknown command\nUsage: "))
        #expect(try await dfsAdmin("-safemode").complaints.hasPrefix("Usage: honeyguide dfsadmin [-safemode "))
        #expect(try await dfsAdmin("-safemode", "get").said == "Safe mode is OFF")
        #expect(try await dfsAdmin("-help", "report").said.hasPrefix("-report [-live]"))
        #expect(try await dfsAdmin().code == 255)
    }

    @Test func checksFilesOverHTTP() async throws {
        let sent = try await ServiceWorld.webHDFS(.PUT, "/checked/file", "CREATE")
        _ = try await ServiceWorld.follow(.PUT, sent, body: Array("checked".utf8))
        let group = ServiceWorld.group
        let check = { @Sendable (arguments: [String]) in
            try await ServiceWorld.blocking { try await run { try await FsckCommand.run(arguments, $0, on: group) } }
        }
        let all = try await check(["/checked", "-files", "-blocks", "-locations"])
        #expect(all.code == 0)
        #expect(all.said.contains("/checked/file 7 bytes, replicated: replication=3, 1 block(s):  OK\n0. BP-"))
        #expect(all.said.hasSuffix("The filesystem under path '/checked' is HEALTHY"))
        #expect(all.complaints.hasPrefix("Connecting to namenode via http://127.0.0.1:"))
        let none = try await check(["/checked", "-list-corruptfileblocks"])
        #expect(none.code == 0 && none.said == "The filesystem under path '/checked' has 0 CORRUPT files")
        #expect(try await check(["/no/such"]).said.hasSuffix("Path '/no/such' does not exist"))
        #expect(try await check(["/", "-nonsense"]).code == 255)
    }

    @Test func keepsWhatIsLeftOfLostFiles() async throws {
        let block = (0..<3).map { [UInt8](repeating: UInt8($0), count: 1 << 20) }
        let sent = try await ServiceWorld.webHDFS(.PUT, "/lossy/file", "CREATE&replication=1")
        _ = try await ServiceWorld.follow(.PUT, sent, body: Array(block.joined()))
        let located = try await ServiceWorld.webHDFS(.GET, "/lossy/file", "GET_BLOCK_LOCATIONS")
        let blocks = try #require(located.json["LocatedBlocks"]?["locatedBlocks"]?.array)
        let id = try #require(blocks[1]["block"]?["blockId"]?.int)
        try damage("blk_\(id)")
        // Whoever reads it tells the NameNode.
        let group = ServiceWorld.group
        let check = { @Sendable (arguments: [String]) in
            try await ServiceWorld.blocking { try await run { try await FsckCommand.run(arguments, $0, on: group) } }
        }
        let isLost = try await ServiceWorld.eventually {
            let opened = try await ServiceWorld.webHDFS(.GET, "/lossy/file", "OPEN")
            _ = try? await ServiceWorld.follow(.GET, opened)
            return try await check(["/lossy"]).code == 1
        }
        #expect(isLost)
        let moved = try await check(["/lossy", "-move"])
        #expect(moved.said.contains("/lossy/file: copied to /lost+found/lossy/file as 2 file(s)\n"))
        for (name, bytes) in [("0", block[0]), ("1", block[2])] {
            let opened = try await ServiceWorld.webHDFS(.GET, "/lost+found/lossy/file/\(name)", "OPEN")
            #expect(try await Array(ServiceWorld.follow(.GET, opened).body.readableBytesView) == bytes)
        }
        // What cannot be kept is not removed.
        let again = try await check(["/lossy", "-move", "-delete"])
        #expect(again.said.contains("/lossy/file: cannot be copied") && !again.said.contains("deleted"))
        #expect(try await check(["/lossy", "-delete"]).said.contains("/lossy/file: deleted\n"))
        #expect(try await check(["/lossy"]).code == 0)
    }

    /// Changes a byte of a replica on its disk.
    private func damage(_ name: String) throws {
        let files = try #require(FileManager.default.enumerator(atPath: ServiceWorld.folder))
        let found = files.compactMap { $0 as? String }.filter { $0.hasSuffix("/" + name) }
        let place = try #require(found.first)
        let file = try #require(FileHandle(forUpdatingAtPath: ServiceWorld.folder + "/" + place))
        try file.seek(toOffset: 1000)
        try file.write(contentsOf: [99])
        try file.close()
    }

    @Test func fetchesTheNewestImage() async throws {
        let place = ServiceWorld.folder + "/fetched"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let fetched = try await dfsAdmin("-fetchImage", place)
        #expect(fetched.code == 0, "\(fetched.complaints)")
        let name = try #require(try FileManager.default.contentsOfDirectory(atPath: place).first)
        let original = FileManager.default.contents(atPath: ServiceWorld.folder + "/name/current/" + name)
        #expect(original != nil && FileManager.default.contents(atPath: place + "/" + name) == original)
        #expect(try await dfsAdmin("-fetchImage", "/no/such").complaints == "fetchImage: no such directory: /no/such")
        #expect(try await dfsAdmin("-fetchImage").code == 255)
    }

    @Test func hasGroupsAskedForAgain() async throws {
        let refreshed = try await dfsAdmin("-refreshUserToGroupsMappings")
        #expect(refreshed.code == 0 && refreshed.said == "Refresh user to groups mapping successful")
    }

    @Test func showsPagesForPeople() async throws {
        let cluster = try await ServiceWorld.cluster()
        let page = try await ServiceWorld.send(.GET, cluster.nameNode.httpAddress, "/dfshealth.html")
        #expect(page.status == 200 && page.headers.first(name: "Content-Type") == "text/html; charset=utf-8")
        #expect(page.text.contains("live DataNodes") && !page.text.contains("<script"))
        let node = try await ServiceWorld.send(.GET, cluster.dataNodes[0].httpAddress, "/")
        #expect(node.text.contains("DataNode \(cluster.dataNodes[0].transferAddress)"))
        let beans = try await ServiceWorld.send(
            .GET, cluster.nameNode.httpAddress, "/jmx?qry=Hadoop:service=NameNode,name=FSNamesystem")
        #expect(beans.json["beans"]?.array?.first?["NumLiveDataNodes"] == 3)
        #expect(try await ServiceWorld.send(.GET, cluster.nameNode.httpAddress, "/nothing").status == 404)
        #expect(try await ServiceWorld.send(.POST, cluster.nameNode.httpAddress, "/").status == 405)
    }

    @Test func escapesWhatComesFromOutside() {
        var overview = NameNodeOverview()
        overview.clusterID = "<script>alert('&\"')</script>"
        let html = NameNodePage(overview, authority: "a<b").html
        #expect(html.contains("&lt;script&gt;alert(&#39;&amp;&quot;&#39;)&lt;/script&gt;") && !html.contains("<script"))
    }

    @Test func writesBytesAsHadoopDoes() {
        #expect(ByteText.short(512) == "512 B" && ByteText.short(1024) == "1 KB" && ByteText.short(1536) == "1.50 KB")
        #expect(ByteText.short(270_553_174_016) == "251.97 GB" && ByteText.short(.max) == "16.00 EB")
        #expect(ByteText.percent(1, of: 8) == "12.50%" && ByteText.percent(0, of: 0) == "NaN%")
        #expect(DateText.utc(0) == "Thu Jan 01 00:00:00 UTC 1970")
        #expect(DateText.utc(1_795_970_220_000) == "Sun Nov 29 16:37:00 UTC 2026")
    }
}
