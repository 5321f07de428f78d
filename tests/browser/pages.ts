// The pages there are, each in one state worth looking at.

export interface Place {
  /** Names its pictures. */
  name: string;
  address: string;
  /** Whether it shows figures as drawings. */
  drawn?: boolean;
}

export const PLACES: Place[] = [
  { name: "overview", address: "/", drawn: true },
  { name: "overview-quarter", address: "/?freq=Q", drawn: true },
  { name: "overview-district", address: "/?area=760", drawn: true },
  { name: "overview-en", address: "/?lang=en", drawn: true },
  { name: "overview-earlier", address: "/?as_of=2022-05-25", drawn: true },
  { name: "group", address: "/groups/10", drawn: true },
  { name: "indicator", address: "/indicators/1001", drawn: true },
  { name: "indicator-areas", address: "/indicators/0403", drawn: true },
  { name: "indicator-year", address: "/indicators/0101?period=2021", drawn: true },
  { name: "indicator-en", address: "/indicators/1001?lang=en", drawn: true },
  { name: "explain", address: "/indicators/1001/explain?period=2022-05" },
  { name: "units", address: "/units" },
  { name: "unit-district", address: "/units/760", drawn: true },
  { name: "unit-department", address: "/units/so_yt", drawn: true },
  { name: "unit-ward", address: "/units/26740" },
  { name: "catalogue", address: "/catalog" },
  { name: "methods", address: "/methods" },
  { name: "sources", address: "/sources" },
  { name: "explorer", address: "/explore?i=0403&a=79,760,761&by=M", drawn: true },
  { name: "explorer-empty", address: "/explore" },
  { name: "search", address: "/search?q=tre+han" },
  { name: "search-nothing", address: "/search?q=khongcogi" },
  { name: "wall", address: "/wall", drawn: true },
  { name: "wall-2", address: "/wall?page=2" },
  { name: "wall-3", address: "/wall?page=3" },
  { name: "cases", address: "/cases", drawn: true },
  { name: "cases-weeks", address: "/cases?columns=week", drawn: true },
  { name: "cases-district", address: "/cases?area=777", drawn: true },
  { name: "cases-units", address: "/cases/units", drawn: true },
  { name: "cases-backlog", address: "/cases/backlog", drawn: true },
  { name: "cases-list", address: "/cases/list" },
  { name: "cases-wards", address: "/cases/units?by=ward", drawn: true },
  { name: "case", address: "/cases/1022-2022-00037296" },
  { name: "cases-en", address: "/cases?lang=en", drawn: true },
  { name: "dashboards", address: "/dashboards" },
  { name: "dashboard-economy", address: "/dashboards/kinh-te", drawn: true },
  { name: "dashboard-investment", address: "/dashboards/ngan-sach-dau-tu", drawn: true },
  { name: "dashboard-society", address: "/dashboards/xa-hoi", drawn: true },
  { name: "dashboard-1022", address: "/dashboards/1022", drawn: true },
  { name: "infographics", address: "/infographics" },
  { name: "reports", address: "/reports" },
];
