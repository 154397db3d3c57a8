import Foundation
import HoneyCore
import HoneyWorld
import Testing

@testable import HoneyHDFSService

struct HadoopConfigurationTests {
    /// A directory that goes with the test.
    private final class Folder {
        let path = NSTemporaryDirectory() + "honey-configuration-\(UUID().uuidString)"

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(atPath: path) }

        func write(_ text: String, to name: String) throws -> String {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
            return path + "/" + name
        }
    }

    private func site(_ properties: String) -> String {
        "<?xml version=\"1.0\"?>\n<!-- a & comment -->\n<configuration>\n\(properties)\n</configuration>\n"
    }

    @Test func readsBothFilesOfADirectory() throws {
        let folder = try Folder()
        _ = try folder.write(
            site("<property>\n<name> fs.defaultFS </name><value>hdfs://master</value></property>"), to: "core-site.xml")
        _ = try folder.write(
            site(
                """
                <property><name>dfs.replication</name><value>2</value><final>true</final><description>a</description></property>
                <property><name>text</name><value>a &lt; b &amp; &#x63;<![CDATA[ <d>]]></value></property>
                """), to: "hdfs-site.xml")
        let configuration = try HadoopConfiguration(paths: [folder.path])
        #expect(configuration["dfs.replication"] == "2")
        #expect(configuration["text"] == "a < b & c <d>")
        #expect(try configuration.nameNodeAddress(id: nil) == .tcp(host: "master", port: 8020))
    }

    @Test func keepsFinalValuesButNotFromTheCommandLine() throws {
        let folder = try Folder()
        let first = try folder.write(
            site("<property><name>a</name><value>1</value><final>true</final></property>"), to: "first.xml")
        let second = try folder.write(site("<property><name>a</name><value>2</value></property>"), to: "second.xml")
        #expect(try HadoopConfiguration(paths: [first, second])["a"] == "1")
        #expect(try HadoopConfiguration(paths: [second, first])["a"] == "1")
        #expect(try HadoopConfiguration(paths: [first], settings: ["a=3=4"])["a"] == "3=4")
    }

    @Test func includesOtherFiles() throws {
        let folder = try Folder()
        _ = try folder.write(site("<property><name>a</name><value>1</value></property>"), to: "other.xml")
        let path = try folder.write(
            site("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"other.xml\"/>"), to: "main.xml")
        #expect(try HadoopConfiguration(paths: [path])["a"] == "1")
        let loop = try folder.write(site("<xi:include href=\"loop.xml\"/>"), to: "loop.xml")
        #expect(throws: HoneyError.self) { try HadoopConfiguration(paths: [loop]) }
    }

    @Test func replacesVariables() throws {
        let environment = ["HOME": "/home/ann", "EMPTY": ""]
        let configuration = try HadoopConfiguration(
            paths: [],
            settings: [
                "base=/data", "inner=base", "a=${base}/x", "b=${a}/${unknown}", "c=${env.HOME}", "d=${env.EMPTY:-none}",
                "e=${${inner}}", "loop=${loop}x", "open=${base",
            ], environment: environment)
        #expect(configuration["a"] == "/data/x")
        #expect(configuration["b"] == "/data/x/${unknown}")
        #expect(configuration["c"] == "/home/ann")
        #expect(configuration["d"] == "none")
        #expect(configuration["e"] == "/data")
        #expect(configuration["loop"]?.hasPrefix("${loop}") == true)
        #expect(configuration["open"] == "${base")
    }

    @Test(arguments: [
        ("<configuration>\n<property><name>a</name>\n</configuration>", "3: </configuration> ends no element"),
        ("<configuration>\n<property><value>a</value></property></configuration>", "2: property has no name"),
        ("<settings/>", "1: expected <configuration> but found <settings>"),
        ("<configuration>\n\n<!-- ", "3: comment does not end"),
        ("<configuration><property><name>a &nbsp; b</name>", "1: '&' begins no known character"),
        ("<!DOCTYPE c [<!ENTITY a \"b\">]><configuration/>", "1: entities cannot be declared"),
        ("", "1: there is no <configuration>"),
        ("<configuration>\n<property>", "2: element does not end: property"),
    ]) func tellsFileAndLineOfAMistake(_ text: String, _ complaint: String) throws {
        let folder = try Folder()
        let path = try folder.write(text, to: "site.xml")
        #expect("\(complaint)") { _ = try HadoopConfiguration(paths: [path]) } throws: { error in
            (error as? HoneyError)?.message == "\(path):\(complaint)"
        }
    }

    @Test func refusesWhatIsNoConfiguration() throws {
        let folder = try Folder()
        for paths in [["/nothing/there"], [folder.path]] {
            #expect(throws: HoneyError.self) { try HadoopConfiguration(paths: paths) }
        }
        #expect(throws: HoneyError.self) { try HadoopConfiguration(paths: [], settings: ["novalue"]) }
    }

    @Test func findsTheNameNodesOfANameService() throws {
        let configuration = try HadoopConfiguration(
            paths: [],
            settings: [
                "fs.defaultFS=hdfs://bees", "dfs.nameservices=bees,wasps", "dfs.ha.namenodes.bees=nn1, nn2",
                "dfs.namenode.rpc-address.bees.nn1=a:1", "dfs.namenode.rpc-address.bees.nn2=[::1]:2",
                "dfs.namenode.http-address.bees.nn2=b:3",
            ])
        let nodes = try configuration.nameNodes()
        #expect(nodes.map(\.id) == ["nn1", "nn2"])
        #expect(nodes.map(\.address) == [.tcp(host: "a", port: 1), .tcp(host: "::1", port: 2)])
        #expect(try configuration.nameNodeHTTPAddress(id: "nn2") == .tcp(host: "b", port: 3))
        #expect(throws: HoneyError.self) { try HadoopConfiguration(paths: []).nameNodeAddress(id: nil) }
        #expect(throws: HoneyError.self) { try HadoopConfiguration.address("a:99999", port: 1, of: "x") }
    }

    @Test func listsDirectoriesAsHadoopWritesThem() throws {
        let configuration = try HadoopConfiguration(
            paths: [], settings: ["dirs=file:///a, [SSD]file:/b ,/c", "bad=hdfs://x/y"])
        #expect(try configuration.directories("dirs", default: "/d") == ["/a", "/b", "/c"])
        #expect(try configuration.directories("none", default: "/d") == ["/d"])
        #expect(throws: HoneyError.self) { try configuration.directories("bad", default: "/d") }
    }

    @Test func readsListsOfHostsAndRacks() throws {
        let folder = try Folder()
        let hosts = try folder.write("a b # comment\n\n# all\nc:9866\n", to: "hosts")
        let racks = try folder.write("a /rack1\n10.0.0.2\t/rack2\n", to: "racks")
        let bad = try folder.write("a rack1\n", to: "bad")
        let files = HostFiles(
            try HadoopConfiguration(
                paths: [], settings: ["dfs.hosts=\(hosts)", "net.topology.table.file.name=\(racks)"]))
        #expect(try files.lists().included == ["a", "b", "c:9866"])
        #expect(try files.lists().excluded == [])
        #expect(try files.racks() == ["a": "/rack1", "10.0.0.2": "/rack2"])
        let broken = HostFiles(
            try HadoopConfiguration(paths: [], settings: ["net.topology.table.file.name=\(bad)", "dfs.hosts=/none"]))
        #expect(throws: HoneyError.self) { try broken.racks() }
        #expect(throws: HoneyError.self) { try broken.lists() }
    }
}
