/** A category of the example catalogue with what stands under it. */
export interface SeedCategory {
  readonly slug: string;
  readonly title: string;
  readonly children?: readonly SeedCategory[];
}

export const SEED_CATEGORIES: readonly SeedCategory[] = [
  {
    slug: 'digital',
    title: 'کالای دیجیتال',
    children: [
      { slug: 'mobile', title: 'گوشی موبایل' },
      { slug: 'laptop', title: 'لپ‌تاپ و تبلت' },
      {
        slug: 'audio',
        title: 'صوتی',
        children: [
          { slug: 'headphones', title: 'هدفون و هندزفری' },
          { slug: 'speakers', title: 'اسپیکر' },
        ],
      },
      { slug: 'accessories', title: 'لوازم جانبی' },
      { slug: 'wearables', title: 'ساعت و مچ‌بند هوشمند' },
    ],
  },
  {
    slug: 'home',
    title: 'خانه و آشپزخانه',
    children: [
      { slug: 'kitchen-appliances', title: 'لوازم برقی آشپزخانه' },
      { slug: 'cookware', title: 'ظروف پخت‌وپز و سرو' },
      { slug: 'carpets', title: 'فرش و گلیم' },
      { slug: 'bedding', title: 'کالای خواب' },
    ],
  },
  {
    slug: 'fashion',
    title: 'مد و پوشاک',
    children: [
      { slug: 'men', title: 'پوشاک مردانه' },
      { slug: 'women', title: 'پوشاک زنانه' },
      { slug: 'shoes', title: 'کفش' },
      { slug: 'bags', title: 'کیف و چرم' },
    ],
  },
  {
    slug: 'food',
    title: 'خوراکی و سوغات',
    children: [
      { slug: 'tea-coffee', title: 'چای و قهوه' },
      { slug: 'nuts', title: 'آجیل و خشکبار' },
      { slug: 'saffron-spices', title: 'زعفران و ادویه' },
      { slug: 'sweets', title: 'شیرینی و عسل' },
    ],
  },
  {
    slug: 'books',
    title: 'کتاب و لوازم تحریر',
    children: [
      { slug: 'fiction', title: 'داستان و رمان' },
      { slug: 'poetry', title: 'شعر کهن و نو' },
      { slug: 'children-books', title: 'کتاب کودک' },
      { slug: 'stationery', title: 'لوازم تحریر' },
    ],
  },
  {
    slug: 'beauty-sport',
    title: 'زیبایی، ورزش و سفر',
    children: [
      { slug: 'skin-care', title: 'مراقبت پوست و مو' },
      { slug: 'perfume', title: 'عطر و ادکلن' },
      { slug: 'fitness', title: 'لوازم ورزشی' },
      { slug: 'camping', title: 'کوهنوردی و سفر' },
    ],
  },
];
