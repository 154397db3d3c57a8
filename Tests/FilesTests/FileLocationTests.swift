import HoneyCore
import HoneyFiles
import Testing

struct FileLocationTests {
    @Test func readsEveryFormOfALocation() throws {
        let remote = try #require(FileLocation("hdfs://host:8020/a//b/./c/../d/"))
        #expect(remote.scheme == "hdfs" && remote.authority == "host:8020" && remote.path == "/a/b/d")
        #expect(remote.description == "hdfs://host:8020/a/b/d")
        #expect(FileLocation("/a/b") == FileLocation(path: "/a/b"))
        #expect(FileLocation("file:/a/b") == FileLocation(path: "/a/b"))
        #expect(FileLocation("FILE:///a/b") == FileLocation(path: "/a/b"))
        #expect(FileLocation("/with:colon/x")?.path == "/with:colon/x")
        #expect(FileLocation("relative/path") == nil)
        #expect(FileLocation("") == nil)
    }

    @Test func neverClimbsAboveTheRoot() {
        #expect(FileLocation(path: "/../../etc").path == "/etc")
        #expect(FileLocation(path: "/").parent.path == "/")
        #expect(FileLocation(path: "/").name == "")
    }

    @Test func splitsAtEverySlashByte() {
        let location = FileLocation(path: "/a/\u{301}b/")
        #expect(location.path == "/a/\u{301}b")
        #expect(Array(location.name.utf8) == Array("\u{301}b".utf8))
    }

    @Test func hidesWhatHiveHides() {
        #expect(FileLocation(path: "/t/_tmp").isHidden && FileLocation(path: "/t/.x").isHidden)
        #expect(!FileLocation(path: "/_t/x").isHidden)
    }

    @Test func findsFileSystemsByScheme() throws {
        let fileSystems = FileSystems([LocalFileSystem(), MemoryFileSystem()])
        #expect(try fileSystems.serving(FileLocation(scheme: "memory", path: "/x")).scheme == "memory")
        #expect { try fileSystems.serving(FileLocation(scheme: "s3", path: "/x")) } throws: {
            ($0 as? HoneyError)?.message == "no file system for scheme 's3' (known: file, memory)"
        }
    }
}
