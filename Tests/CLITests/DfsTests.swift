import Foundation
import Testing

/// `honeyguide dfs`.
struct DfsTests {
    private let honeyguide = Honeyguide()

    @Test func runsFileCommands() throws {
        let folder = honeyguide.home.path + "/data"
        #expect(try honeyguide.run("dfs", "-fs", "file:///", "-mkdir", "-p", folder).status == 0)
        let put = try honeyguide.run("dfs", "-put", "-", folder + "/in", input: "one\ntwo\n")
        #expect(put.status == 0 && put.errors.isEmpty)
        #expect(try honeyguide.run("dfs", "-cat", folder + "/in").output == "one\ntwo\n")
        #expect(try honeyguide.run("dfs", "-ls", "-C", folder).output == folder + "/in\n")
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
