import HoneyCatalog
import Testing

struct PartitionNameTests {
    @Test func namesDirectoriesAsHiveDoes() {
        #expect(PartitionName.name(keys: ["p", "Q"], values: ["x y/z", "3"]) == "p=x y%2Fz/q=3")
        #expect(PartitionName.name(keys: ["p"], values: [""]) == "p=__HIVE_DEFAULT_PARTITION__")
        #expect(
            PartitionName.escape("\u{1}\t\"#%'*/:=?\\{[]^\u{7F}")
                == "%01%09%22%23%25%27%2A%2F%3A%3D%3F%5C%7B%5B%5D%5E%7F")
        #expect(PartitionName.escape("a b}<>|ä") == "a b}<>|ä")
    }

    @Test func readsBackWhatItNamed() throws {
        for value in ["plain", "100%", "%2", "%zz", "a/b=c", "ä%20", "New York"] {
            let parsed = try #require(PartitionName.parse(PartitionName.name(keys: ["k", "l"], values: [value, "1"])))
            #expect(parsed.map(\.key) == ["k", "l"] && parsed.map(\.value) == [value, "1"])
        }
        #expect(PartitionName.parse("nothing") == nil)
        #expect(PartitionName.parse("=x") == nil)
    }
}
