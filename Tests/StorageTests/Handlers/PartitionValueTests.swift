import HoneyCatalog
import HoneyCore
import HoneyStorage
import Testing

struct PartitionValueTests {
    @Test func readsValuesByType() throws {
        #expect(try PartitionValue.value("7", type: .int) == .integer(7))
        #expect(try PartitionValue.value("x", type: .int) == .null)
        #expect(try PartitionValue.value("1.50", type: .decimal(precision: 5, scale: 2)) == .decimal(150))
        #expect(try PartitionValue.value("1970-01-02", type: .date) == .date(1))
        #expect(try PartitionValue.value("\\N", type: .string) == .string("\\N"))
        let missing = Partition.nullValue
        #expect(try PartitionValue.value(missing, type: .string) == .string(missing))
        #expect(try PartitionValue.value(missing, type: .int) == .null)
        #expect(try PartitionValue.value(missing, type: .date) == .null)
        #expect(try PartitionValue.value("ab", type: .char(4)) == .string("ab  "))
    }
}
