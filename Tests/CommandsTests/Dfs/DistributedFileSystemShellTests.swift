import HoneyCommands
import HoneyCore
import HoneyFiles
import Testing

/// Layouts and texts are those of Hadoop 3's own shell.
struct DistributedFileSystemShellTests {
    private let directory = TemporaryDirectory()
    private let files = MemoryFileSystem()

    private func run(_ line: String) throws -> (status: Int32, output: String, errors: [String]) {
        let root = FileLocation(scheme: "memory", path: "/")
        let shell = DistributedFileSystemShell(
            fileSystems: FileSystems([files, LocalFileSystem()]), root: root, workingDirectory: "/user/bee")
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
        #expect(try run("-ls -d -C memory:/d").output == "memory:/d\n")
        let missing = try run("-ls /d/nothing")
        #expect(missing.status == 1 && missing.errors == ["ls: `/d/nothing': No such file or directory"])
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

    @Test func saysWhatMakesNoSense() throws {
        #expect(try run("-lss /").errors == ["-lss: Unknown command (did you mean -ls?)"])
        let illegal = try run("-ls -z /")
        #expect(illegal.status == 255 && illegal.errors.first == "-ls: Illegal option -z")
        #expect(try run("-cp /a").errors.first == "-cp: Not enough arguments: expected 2 but got 1")
        #expect(try run("-usage rm").output == "Usage: dfs -rm [-f] [-r|-R] [-skipTrash] <src> ...\n")
        #expect(try run("").status == 255)
    }
}
