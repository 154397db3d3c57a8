import HoneyCore
import Testing

@Suite struct CoercionTests {
    let price = DataType.decimal(precision: 15, scale: 2)

    @Test func numbersWidenToTheirCommonType() {
        #expect(DataType.common(.tinyint, .int) == .int)
        #expect(DataType.common(.bigint, .float) == .float)
        #expect(DataType.common(.int, price) == .decimal(precision: 15, scale: 2))
        #expect(DataType.common(.bigint, price) == .decimal(precision: 21, scale: 2))
        #expect(DataType.common(price, .double) == .double)
        #expect(DataType.common(price, .float) == .float)
        #expect(
            DataType.common(.decimal(precision: 38, scale: 0), .decimal(precision: 38, scale: 20))
                == .decimal(precision: 38, scale: 0))
        #expect(DataType.common(.void, .date) == .date)
    }

    @Test func textAndNumbersMeetAsTextButCompareAsNumbers() {
        #expect(DataType.common(.int, .string) == .string)
        #expect(DataType.comparison(.int, .string) == .double)
        #expect(DataType.comparison(.date, .string) == .date)
        #expect(DataType.comparison(.boolean, .string) == .double)
        #expect(DataType.common(.varchar(3), .varchar(7)) == .string)
        #expect(DataType.comparison(.string, .timestamp) == .timestamp)
        #expect(DataType.comparison(.char(3), .varchar(9)) == .string)
        #expect(DataType.comparison(.date, .timestamp) == .timestamp)
        #expect(DataType.common(.int, .array(.int)) == nil)
        #expect(DataType.common(.boolean, .int) == nil)
    }

    @Test func implicitConversionOnlyWidens() {
        #expect(DataType.int.isImplicitlyConvertible(to: .bigint))
        #expect(!DataType.bigint.isImplicitlyConvertible(to: .int))
        #expect(DataType.string.isImplicitlyConvertible(to: .double))
        #expect(!DataType.string.isImplicitlyConvertible(to: .int))
        #expect(DataType.int.isImplicitlyConvertible(to: .string))
        #expect(DataType.array(.int).isImplicitlyConvertible(to: .array(.double)))
        #expect(!DataType.boolean.isImplicitlyConvertible(to: .string))
    }
}
