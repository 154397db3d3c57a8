import HoneyCommands
import HoneyCore
import HoneyFiles
import Testing

/// Layouts and texts are those of Hadoop 3's own shell.
struct DistributedFileSystemShellTests {
    private let directory = TemporaryDirectory()
    private let files = MemoryFileSystem()

    private func run(
        _ line: String, input: String = "", trashMinutes: Double = 0, pause: @escaping (Int) throws -> Void = { _ in }
    ) throws -> (status: Int32, output: String, errors: [String]) {
        var pieces = [Array(input.utf8)]
        let root = FileLocation(scheme: "memory", path: "/")
        let shell = DistributedFileSystemShell(
            fileSystems: FileSystems([files, LocalFileSystem()]), root: root, workingDirectory: "/user/bee",
            user: "bee", trashMinutes: trashMinutes, safeDeletionFiles: 3, input: { pieces.popLast() ?? [] },
            pause: pause)
        var output: [UInt8] = []
        var errors: [String] = []
        let status = try shell.run(
            arguments: line.split(separator: " ").map(String.init), output: { output += $0 },
            errors: { errors.append($0) })
        return (status, String(decoding: output, as: UTF8.self), errors)
    }

    private func write(_ text: String, _ path: String) throws {
        try files.write(Array(text.utf8), to: FileLocation(scheme: "memory", path: path))
    }

    private func fill() throws {
        try write("hello\nworld\n", "/d/a.txt")
        try write(String(repeating: "x", count: 3000), "/d/big")
        try write("x\n", "/d/sub/b")
        try write("y\n", "/d/sub/deep/c")
    }

    @Test func listsAsHadoopDoes() throws {
        try fill()
        let (status, output, _) = try run("-ls /d")
        let lines = output.split(separator: "\n").map(String.init)
        #expect(status == 0 && lines.count == 4 && lines[0] == "Found 3 items")
        #expect(lines[1].hasPrefix("-rw-r--r--   1 honey honey         12 20") && lines[1].hasSuffix(" /d/a.txt"))
        #expect(lines[3].hasPrefix("drwxr-xr-x   - honey honey          0 20") && lines[3].hasSuffix(" /d/sub"))
        #expect(try run("-ls -h /d").output.contains("      2.9 K 20"))
        #expect(try run("-ls -C -R /d").output == "/d/a.txt\n/d/big\n/d/sub\n/d/sub/b\n/d/sub/deep\n/d/sub/deep/c\n")
        #expect(try run("-ls -C -S /d/*").output == "/d/a.txt\n/d/big\n/d/sub/b\n/d/sub/deep\n")
        #expect(try run("-ls -d -C memory:/d").output == "memory:///d\n")
        let missing = try run("-ls /d/nothing")
        #expect(missing.status == 1 && missing.errors == ["ls: `/d/nothing': No such file or directory"])
    }

    @Test(arguments: [
        (1280, "1.3 K"), (1279, "1.2 K"), (1_048_575, "1.0 M"), (1023, "1023"), (1024, "1 K"), (1_048_525, "1.0 M"),
        (1_048_524, "1023.9 K"),
    ]) func roundsSizesAsHadoopDoes(_ size: Int, _ text: String) throws {
        try write(String(repeating: "x", count: size), "/f")
        #expect(try run("-du -h /f").output == "\(text)  \(text)  /f\n")
    }

    @Test func countsAsHadoopDoes() throws {
        try fill()
        #expect(try run("-du /d").output == "12    12    /d/a.txt\n3000  3000  /d/big\n4     4     /d/sub\n")
        #expect(try run("-du -s -h /d").output == "2.9 K  2.9 K  /d\n")
        #expect(try run("-count /d").output == "           3            4               3016 /d\n")
        #expect(
            try run("-count -q -h /d").output
                == "        none             inf            none             inf            3            4              2.9 K /d\n"
        )
    }

    @Test func readsFiles() throws {
        try fill()
        #expect(try run("-cat /d/a.txt /d/sub/b").output == "hello\nworld\nx\n")
        #expect(try run("-cat /d/sub").errors == ["cat: `/d/sub': Is a directory"])
        #expect(try run("-tail /d/big").output.count == 1024)
        #expect(try run("-head /d/a.txt").output == "hello\nworld\n")
        #expect(
            try run("-stat %b-%n-%r-%F-%u-%g-%a-%A /d/a.txt").output
                == "12-a.txt-1-regular file-honey-honey-644-rw-r--r--\n")
        #expect(try run("-stat /d/nothing").errors == ["stat: `/d/nothing': No such file or directory"])
        for (test, status) in [
            ("-e /d/a.txt", 0), ("-e /d/no", 1), ("-d /d/sub", 0), ("-f /d/sub", 1), ("-z /d/a.txt", 1),
            ("-s /d/a.txt", 0),
        ] {
            #expect(try run("-test \(test)").status == Int32(status), "\(test)")
        }
    }

    @Test func makesAndRemoves() throws {
        try fill()
        #expect(try run("-mkdir /d/new").status == 0)
        #expect(try run("-mkdir /d/new").errors == ["mkdir: `/d/new': File exists"])
        #expect(try run("-mkdir /d/x/y/z").errors == ["mkdir: `memory:/d/x/y': No such file or directory"])
        #expect(try run("-mkdir -p /d/x/y/z").status == 0)
        #expect(try run("-mkdir -p /d/x/y/z").status == 0)
        #expect(try run("-touchz /d/empty").status == 0)
        #expect(try run("-touchz /d/a.txt").errors == ["touchz: `/d/a.txt': Not a zero-length file"])
        #expect(try run("-rm /d/empty").output == "Deleted /d/empty\n")
        #expect(try run("-rm /d/empty").errors == ["rm: `/d/empty': No such file or directory"])
        #expect(try run("-rm -f /d/empty").status == 0)
        #expect(try run("-rm /d/sub").errors == ["rm: `/d/sub': Is a directory"])
        #expect(try run("-rmdir /d/sub").errors == ["rmdir: `/d/sub': Directory is not empty"])
        #expect(try run("-rm -r -skipTrash /d/s* /d/x").output == "Deleted /d/sub\nDeleted /d/x\n")
        #expect(try run("-rm -r /").status == 1)
        #expect(try run("-ls -C /d").output == "/d/a.txt\n/d/big\n/d/new\n")
    }

    @Test func copiesAndMoves() throws {
        try fill()
        #expect(try run("-cp /d/a.txt /d/copied").status == 0)
        #expect(try run("-cp /d/a.txt /d/copied").errors == ["cp: `/d/copied': File exists"])
        #expect(try run("-cp -f /d/sub/b /d/copied").status == 0)
        #expect(try run("-cat /d/copied").output == "x\n")
        #expect(try run("-cp /d/sub /d/subcopy").status == 0)
        #expect(try run("-cat /d/subcopy/deep/c").output == "y\n")
        #expect(try run("-cp /d/sub /d/sub").status == 1)
        #expect(try run("-mv /d/copied /d/moved").status == 0)
        #expect(try run("-mv /d/moved /d/a.txt").errors == ["mv: `/d/a.txt': File exists"])
        #expect(try run("-mv /d/nothing /d/m").errors == ["mv: `/d/nothing': No such file or directory"])
        #expect(try run("-mv /d/moved /d/big /d/sub").status == 0)
        #expect(try run("-ls -C /d/sub").output == "/d/sub/b\n/d/sub/big\n/d/sub/deep\n/d/sub/moved\n")
        #expect(try run("-mv /d/a.txt /d/no/where").status == 1)
    }

    @Test func movesBetweenTheMachineAndTheWarehouse() throws {
        let local = directory.location.path
        try LocalFileSystem().write(Array("local\n".utf8), to: directory.location.appending("in"))
        try fill()
        #expect(try run("-put \(local)/in /d").status == 0)
        #expect(try run("-put \(local)/in /d").errors == ["put: `/d/in': File exists"])
        #expect(try run("-put \(local)/nothing /d").errors == ["put: `\(local)/nothing': No such file or directory"])
        #expect(try run("-cat /d/in").output == "local\n")
        #expect(try run("-get /d/sub \(local)/out").status == 0)
        #expect(try LocalFileSystem().contents(of: directory.location.appending("out/deep/c")) == Array("y\n".utf8))
        #expect(try run("-get /d/a.txt \(local)/in").errors == ["get: `\(local)/in': File exists"])
        #expect(try run("-appendToFile \(local)/in /d/a.txt").status == 0)
        #expect(try run("-cat /d/a.txt").output == "hello\nworld\nlocal\n")
        #expect(try run("-getmerge -nl /d/sub \(local)/merged").status == 0)
        #expect(try LocalFileSystem().contents(of: directory.location.appending("merged")) == Array("x\n\n".utf8))
    }

    private func usage(of name: String) throws -> String {
        try String(run("-usage \(name)").output.dropFirst("Usage: hadoop fs [generic options] ".count).dropLast())
    }

    @Test func saysWhatEachCommandDoes() throws {
        let usages = try run("-usage").output.split(separator: "\n").filter { $0.hasPrefix("\t[") }
        #expect(usages.count == 43)
        for usage in usages {
            let name = String(usage.dropFirst(3).prefix { $0 != " " && $0 != "]" })
            let help = try run("-help \(name)").output.split(separator: "\n")
            let first = try self.usage(of: name) + " :"
            #expect(help.count > 1 && help[0] == first, "\(name)")
            #expect(help.allSatisfy { $0.count < 130 }, "\(name)")
        }
        #expect(try run("-help lsr").output == "-lsr :\n  (DEPRECATED) Same as 'ls -R'\n")
        #expect(try run("-help nothing").errors.first == "-help: `nothing': Unknown command")
    }

    @Test func saysWhatMakesNoSense() throws {
        let unknown = try run("-lss /")
        #expect(unknown.status == 255 && unknown.errors.first == "-lss: Unknown command")
        #expect(
            try run("ls /").errors.prefix(2) == [
                "ls: Unknown command", "Did you mean -ls?  This command begins with a dash.",
            ])
        let illegal = try run("-ls -z /")
        #expect(illegal.status == 255 && illegal.errors.first == "-ls: Illegal option -z")
        #expect(try run("-cp /a").errors.first == "-cp: Not enough arguments: expected 2 but got 1")
        #expect(
            try run("-usage rm").output
                == "Usage: hadoop fs [generic options] -rm [-f] [-r|-R] [-skipTrash] [-safely] <src> ...\n")
        #expect(try run("").status == 255)
        #expect(try run("-ls -z /").errors.last == "Usage: hadoop fs [generic options] " + usage(of: "ls"))
    }

    @Test func movesToTheTrashAndEmptiesIt() throws {
        try fill()
        let trash = files.homeDirectory.path + "/.Trash"
        let moved = try run("-rm /d/a.txt", trashMinutes: 60)
        #expect(moved.status == 0 && moved.output.isEmpty)
        #expect(moved.errors == ["Moved: 'memory:/d/a.txt' to trash at: memory:\(trash)/Current/d/a.txt"])
        #expect(try run("-cat \(trash)/Current/d/a.txt").output == "hello\nworld\n")
        try write("again", "/d/a.txt")
        #expect(try run("-rm /d/a.txt", trashMinutes: 60).status == 0)
        #expect(try run("-ls -C \(trash)/Current/d").output.split(separator: "\n").count == 2)
        // A file where a directory is needed gets out of the way by a name with the time in it.
        try write("x", "/d/a.txt/below")
        #expect(try run("-rm -r /d/a.txt/below", trashMinutes: 60).errors.first?.hasPrefix("Moved: ") == true)
        #expect(
            try run("-rm -r /user", trashMinutes: 60).errors.first?.hasSuffix(
                "as it contains the trash. Consider using -skipTrash option") == true)
        #expect(try run("-rm -skipTrash /d/big", trashMinutes: 60).output == "Deleted /d/big\n")
        #expect(try run("-rm -r \(trash)/Current/d", trashMinutes: 60).output == "Deleted \(trash)/Current/d\n")
        #expect(try run("-rm -r /d/sub", trashMinutes: 60).status == 0)
        #expect(try run("-expunge", trashMinutes: 60).status == 0)
        let parts = try run("-ls -C \(trash)").output.split(separator: "\n")
        #expect(parts.count == 1 && !parts[0].hasSuffix("Current"))
        #expect(try run("-expunge", trashMinutes: 60).status == 0)
        #expect(try run("-ls -C \(trash)").output.split(separator: "\n") == parts)
        #expect(try run("-expunge -immediate", trashMinutes: 60).status == 0)
        #expect(try run("-ls -C \(trash)").output.isEmpty)
    }

    @Test func asksBeforeManyFilesGo() throws {
        try fill()
        let refused = try run("-rm -r -safely /d", input: "n\n")
        #expect(refused.status == 0 && refused.output.isEmpty)
        #expect(refused.errors == ["Proceed deleting 4 files? (Y or N) ", "Delete aborted at user request.\n"])
        #expect(try run("-rm -r -safely /d/sub").output == "Deleted /d/sub\n")
        for name in ["1", "2"] { try write("", "/d/\(name)") }
        #expect(try run("-rm -r -safely /d", input: "y\n").output == "Deleted /d\n")
    }

    @Test func keepsWhatIsAskedFor() throws {
        try fill()
        #expect(try run("-touch -t 20200102:030405 /d/a.txt").status == 0)
        #expect(try run("-chmod 1604 /d/a.txt").status == 0)
        #expect(try run("-chown ann:bees /d/a.txt").status == 0)
        #expect(try run("-setfattr -n user.from -v 0x6162 /d/a.txt").status == 0)
        #expect(try run("-setfacl -m user:bob:r-x /d/a.txt").status == 0)
        #expect(try run("-cp /d/a.txt /d/plain").status == 0)
        #expect(try run("-stat %a:%u:%g /d/plain").output == "644:honey:honey\n")
        #expect(try run("-cp -p /d/a.txt /d/usual").status == 0)
        #expect(
            try run("-stat %a:%u:%g:%x:%y /d/usual").output == "1654:ann:bees:2020-01-02 03:04:05:2020-01-02 03:04:05\n"
        )
        #expect(try run("-getfattr -d /d/usual").output == "# file: /d/usual\n")
        #expect(try run("-cp -pax /d/a.txt /d/more").status == 0)
        #expect(try run("-getfattr -d /d/more").output == "# file: /d/more\nuser.from=\"ab\"\n")
        #expect(try run("-getfacl /d/more").output.contains("user:bob:r-x\ngroup::---\nmask::r-x\n"))
        #expect(try run("-stat %u /d/more").output == "honey\n")
        #expect(try run("-cp -pz /d/a.txt /d/other").errors.first == "-cp: No attribute for z")
    }

    @Test func writesChecksumsBesideWhatItGets() throws {
        try fill()
        let place = directory.location
        #expect(try run("-get -crc /d/big \(place.path)").status == 0)
        #expect(try run("-get /d/a.txt \(place.path)").status == 0)
        // As Hadoop's own -get -crc writes it.
        #expect(
            try LocalFileSystem().contents(of: place.appending(".big.crc")) == [
                0x63, 0x72, 0x63, 0, 0, 0, 2, 0, 0x3B, 0x0B, 0x6D, 0x5D, 0x3B, 0x0B, 0x6D, 0x5D, 0x3B, 0x0B, 0x6D, 0x5D,
                0x3B, 0x0B, 0x6D, 0x5D, 0x3B, 0x0B, 0x6D, 0x5D, 0x8E, 0x87, 0x6B, 0xF1,
            ])
        #expect(try LocalFileSystem().status(place.appending(".a.txt.crc")) == nil)
    }

    @Test func followsAGrowingFile() throws {
        struct Enough: Error {}
        try fill()
        var looks = 0
        var shown = ""
        let shell = DistributedFileSystemShell(
            fileSystems: FileSystems([files]), root: FileLocation(scheme: "memory", path: "/"), workingDirectory: "/",
            pause: { milliseconds in
                #expect(milliseconds == 7)
                looks += 1
                if looks == 3 { throw Enough() }
                let file = try files.append(FileLocation(scheme: "memory", path: "/d/a.txt"))
                try Array("more \(looks)\n".utf8).withUnsafeBytes(file.write)
                try file.close()
            })
        #expect(throws: Enough.self) {
            _ = try shell.run(
                arguments: ["-tail", "-f", "-s", "7", "/d/a.txt"],
                output: { shown += String(decoding: $0, as: UTF8.self) }, errors: { _ in })
        }
        #expect(shown == "hello\nworld\nmore 1\nmore 2\n")
    }

    @Test func changesFilesInPlace() throws {
        try fill()
        #expect(try run("-concat /d/a.txt /d/sub/b /d/sub/deep/c").status == 0)
        #expect(try run("-cat /d/a.txt").output == "hello\nworld\nx\ny\n")
        #expect(try run("-test -e /d/sub/b").status == 1)
        #expect(try run("-truncate 5 /d/a.txt").output == "Truncated /d/a.txt to length: 5\n")
        #expect(try run("-cat /d/a.txt").output == "hello")
        #expect(try run("-setrep -w 1 /d").output.hasSuffix("Waiting for /d/big ... done\n"))
        #expect(try run("-setrep 3 /d/a.txt").output == "Replication 3 set: /d/a.txt\n")
        #expect(try run("-du /d/a.txt").output == "5  15  /d/a.txt\n")
        #expect(try run("-put - /d/in", input: "from input").status == 0)
        #expect(try run("-appendToFile - /d/in", input: ", twice").status == 0)
        #expect(try run("-cat /d/in").output == "from input, twice")
        for line in ["-createSnapshot /d", "-deleteSnapshot /d s", "-renameSnapshot /d s t"] {
            let refused = try run(line)
            #expect(refused.status == 1)
            #expect(refused.errors.first?.hasSuffix(": Directory is not a snapshottable directory: /d") == true)
        }
    }

    @Test func showsLimits() throws {
        try fill()
        try files.setQuota(FileLocation(scheme: "memory", path: "/d"), names: 10, space: 5000)
        #expect(
            try run("-count -q /d").output
                == "          10               3            5000            1984            3            4               3016 /d\n"
        )
        #expect(
            try run("-count -u -h /d").output == "          10               3           4.9 K           1.9 K /d\n")
        #expect(
            try run("-df").output.split(separator: "\n").first == "Filesystem           Size  Used      Available  Use%"
        )
        #expect(
            try run("-df -h").output
                == "Filesystem  Size   Used  Available  Use%\nmemory://    1 T  2.9 K      1.0 T    0%\n")
    }

    @Test func asksFileSystemsWhatIsAllowed() throws {
        try fill()
        #expect(try run("-chmod 0444 /d/a.txt").status == 0)
        #expect(try run("-test -r /d/a.txt").status == 0)
        #expect(try run("-test -w /d/a.txt").status == 1)
        let file = directory.location.appending("mine")
        try LocalFileSystem().write([], to: file)
        #expect(try run("-test -w \(file)").status == 0)
    }
}
