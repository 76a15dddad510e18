using Commonhold.Server.Catalogue;

namespace Commonhold.Tests.Server.Catalogue;

public sealed class SmallGroupsTests
{
    [Theory]
    [InlineData("all large enough", new long[] { 5, 9, 100 }, new int[0])]
    [InlineData("two small ones", new long[] { 4, 9, 1 }, new[] { 0, 2 })]
    [InlineData("one small one takes the smallest other with it", new long[] { 4, 90, 30 }, new[] { 0, 2 })]
    [InlineData("one alone", new long[] { 2 }, new[] { 0 })]
    [InlineData("none at all", new long[0], new int[0])]
    public void What_is_about_few_people_or_would_tell_of_them_is_hidden(string what, long[] members, int[] hidden) =>
        Assert.True(hidden.SequenceEqual(SmallGroups.Hidden(members).Order()), what);
}
