import Foundation
import Testing

/// `honeyguide dfs`.
struct DfsTests {
    private let honeyguide = Honeyguide()

    @Test func runsFileCommands() throws {
        let folder = "file://" + honeyguide.home.path + "/data"
        #expect(try honeyguide.run("dfs", "-mkdir", "-p", folder).status == 0)
        let put = try honeyguide.run("dfs", "-put", "-", folder + "/in", input: "one\ntwo\n")
        #expect(put.status == 0 && put.errors.isEmpty)
        #expect(try honeyguide.run("dfs", "-cat", folder + "/in").output == "one\ntwo\n")
        #expect(try honeyguide.run("dfs", "-ls", "-C", folder).output == folder + "/in\n")
    }

    @Test func takesSettingsOfHDFS() throws {
        let put = try honeyguide.run(
            "dfs", "-D", "dfs.replication=2", "-Ddfs.blocksize=1m", "-put", "-", "/in", input: "x")
        #expect(put.status == 0 && put.errors.isEmpty)
        #expect(try honeyguide.run("dfs", "-stat", "%r %o", "/in").output == "2 1048576\n")
        let unreadable = try honeyguide.run("dfs", "-D", "dfs.replication=x", "-ls", "/")
        #expect(unreadable.status == 1 && unreadable.errors.contains("dfs.replication"))
    }

    @Test func knowsWebHDFS() throws {
        let refused = try honeyguide.run("dfs", "-ls", "webhdfs://127.0.0.1:1/x")
        #expect(refused.status == 1 && !refused.errors.contains("no file system"))
    }

    @Test func endsWithHadoopsStatus() throws {
        let missing = try honeyguide.run("dfs", "-cat", "/no/such/file")
        #expect(missing.status == 1 && missing.output.isEmpty)
        #expect(missing.errors == "cat: `/no/such/file': No such file or directory\n")
        let unknown = try honeyguide.run("dfs", "-lss")
        #expect(unknown.status == 255 && unknown.errors.hasPrefix("-lss: Unknown command\nUsage: hadoop fs"))
        #expect(try honeyguide.run("dfs").status == 255)
        let scheme = try honeyguide.run("dfs", "-ls", "nothing:/x")
        #expect(scheme.status == 1 && scheme.errors.contains("no file system for scheme 'nothing'"))
        #expect(try honeyguide.run("dfs", "-D", "x", "-ls").errors.contains("expected name=value"))
    }

    @Test func helpsInTwoWays() throws {
        #expect(try honeyguide.run("dfs", "--help").output.contains("fs.trash.interval"))
        #expect(try honeyguide.run("dfs", "-help", "ls").output.hasPrefix("-ls [-C] [-d] "))
    }
}
